//! Single facts, checksums, held scopes and the pass under way.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};
use satchel_protocol::checksum::Checksum;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    Tx,
    failure::damaged,
    table::{read_uuid, text},
};
use crate::error::StoreError;

/// The facts kept one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MetaName {
    /// Whose replica this is: an `Identity`.
    Identity,
    /// This phone.
    DeviceId,
    /// The number the app keeps outside backups.
    InstallNonce,
    /// Where the replica stands.
    Cursor,
    /// Present once a manifest matched since the cursor was last forgotten.
    Verified,
    /// Present once a manifest ever matched.
    EverReady,
    /// The next wire number.
    NextSeq,
    /// The highest `last_seq` a delta of this device id has stated.
    ContainedSeq,
    /// The place in the queue up to which mutations were ever handed out to be sent.
    SentThrough,
    /// What the user may call, as the server told last: a `Permissions`.
    Permissions,
    /// Present from when the replica was found to differ from a manifest until one matches.
    Diverged,
    /// How often that was found.
    Divergences,
    /// The office asks for this replica to be cleared: a `Wipe`.
    Wipe,
    /// Present once it is decided that the file is to be deleted, and nothing may be entered any more.
    Wiping,
}

impl MetaName {
    fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::DeviceId => "device_id",
            Self::InstallNonce => "install_nonce",
            Self::Cursor => "cursor",
            Self::Verified => "verified",
            Self::EverReady => "ever_ready",
            Self::NextSeq => "next_seq",
            Self::ContainedSeq => "contained_seq",
            Self::SentThrough => "sent_through",
            Self::Permissions => "permissions",
            Self::Diverged => "diverged",
            Self::Divergences => "divergences",
            Self::Wipe => "wipe",
            Self::Wiping => "wiping",
        }
    }
}

/// The stored pass; lists are JSON.
#[derive(Clone, Debug)]
pub(crate) struct StoredPass {
    /// The scopes held once it is complete.
    pub(crate) target: String,
    /// What it fills.
    pub(crate) fill: String,
    /// The part of `fill` that was not empty when it began.
    pub(crate) replacing: String,
    /// The scopes it began to enter or fill.
    pub(crate) begun: String,
    /// The server's mark after the last whole page.
    pub(crate) token: Option<String>,
    /// Rows received.
    pub(crate) rows_done: u64,
    /// About how many rows it has.
    pub(crate) rows_total: Option<u64>,
}

impl Tx<'_> {
    /// A fact, if it is there.
    pub(crate) fn meta<T: DeserializeOwned>(&self, name: MetaName) -> Result<Option<T>, StoreError> {
        let value: Option<String> = self
            .connection
            .prepare_cached("select value from _meta where name = ?1")?
            .query_row([name.as_str()], |row| row.get(0))
            .optional()?;
        value.map(|value| serde_json::from_str(&value).map_err(|_| damaged(name.as_str()))).transpose()
    }

    /// Sets a fact, or drops it.
    pub(crate) fn set_meta<T: Serialize>(&self, name: MetaName, value: Option<&T>) -> Result<(), StoreError> {
        match value {
            Some(value) => {
                let value = serde_json::to_string(value).map_err(|_| damaged(name.as_str()))?;
                self.connection
                    .prepare_cached("insert or replace into _meta (name, value) values (?1, ?2)")?
                    .execute(params![name.as_str(), value])?;
            }
            None => {
                self.connection.prepare_cached("delete from _meta where name = ?1")?.execute([name.as_str()])?;
            }
        }
        Ok(())
    }

    /// Adds `change` to the checksum of a table's scope, wrapping.
    pub(crate) fn add_checksum(&self, table: &str, scope: Uuid, change: Checksum) -> Result<(), StoreError> {
        let mut sum = self.checksum(table, scope)?;
        sum.merge(change);
        if sum == Checksum::default() {
            self.connection
                .prepare_cached("delete from _checksum where table_name = ?1 and scope = ?2")?
                .execute(params![table, text(scope)])?;
        } else {
            self.connection
                .prepare_cached(
                    "insert or replace into _checksum (table_name, scope, row_count, rev_sum) values (?1, ?2, ?3, ?4)",
                )?
                .execute(params![table, text(scope), sum.count.cast_signed(), sum.sum.cast_signed()])?;
        }
        Ok(())
    }

    /// The checksum of a table's scope; empty when it holds nothing.
    pub(crate) fn checksum(&self, table: &str, scope: Uuid) -> Result<Checksum, StoreError> {
        let sum = self
            .connection
            .prepare_cached("select row_count, rev_sum from _checksum where table_name = ?1 and scope = ?2")?
            .query_row(params![table, text(scope)], |row| {
                Ok(Checksum {
                    count: row.get::<_, i64>(0)?.cast_unsigned(),
                    sum: row.get::<_, i64>(1)?.cast_unsigned(),
                })
            })
            .optional()?;
        Ok(sum.unwrap_or_default())
    }

    /// All checksums, by table and scope.
    pub(crate) fn checksums(&self) -> Result<BTreeMap<String, BTreeMap<Uuid, Checksum>>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("select table_name, scope, row_count, rev_sum from _checksum")?;
        let mut rows = statement.query([])?;
        let mut all: BTreeMap<String, BTreeMap<Uuid, Checksum>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let sum =
                Checksum { count: row.get::<_, i64>(2)?.cast_unsigned(), sum: row.get::<_, i64>(3)?.cast_unsigned() };
            all.entry(row.get(0)?).or_default().insert(read_uuid(row.get_ref(1)?)?, sum);
        }
        Ok(all)
    }

    /// Tables whose rows must be sent again whatever their checksums say.
    pub(crate) fn stale_tables(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare_cached("select name from _replica_table where stale")?;
        let names = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(names)
    }

    /// Every table has been filled since its shape changed.
    pub(crate) fn clear_stale_tables(&self) -> Result<(), StoreError> {
        self.connection.prepare_cached("update _replica_table set stale = 0 where stale")?.execute([])?;
        Ok(())
    }

    /// The held scopes.
    pub(crate) fn scopes(&self) -> Result<Vec<Uuid>, StoreError> {
        let mut statement = self.connection.prepare_cached("select id from _scope")?;
        let mut rows = statement.query([])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            ids.push(read_uuid(row.get_ref(0)?)?);
        }
        Ok(ids)
    }

    /// Adds or drops a held scope.
    pub(crate) fn hold_scope(&self, scope: Uuid, held: bool) -> Result<(), StoreError> {
        let sql =
            if held { "insert or ignore into _scope (id) values (?1)" } else { "delete from _scope where id = ?1" };
        self.connection.prepare_cached(sql)?.execute([text(scope)])?;
        Ok(())
    }

    /// The pass under way.
    pub(crate) fn pass(&self) -> Result<Option<StoredPass>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("select target, fill, replacing, begun, token, rows_done, rows_total from _pass")?;
        Ok(statement
            .query_row([], |row| {
                Ok(StoredPass {
                    target: row.get(0)?,
                    fill: row.get(1)?,
                    replacing: row.get(2)?,
                    begun: row.get(3)?,
                    token: row.get(4)?,
                    rows_done: row.get::<_, i64>(5)?.cast_unsigned(),
                    rows_total: row.get::<_, Option<i64>>(6)?.map(i64::cast_unsigned),
                })
            })
            .optional()?)
    }

    /// Begins a pass.
    pub(crate) fn begin_pass(&self, pass: &StoredPass) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "insert or replace into _pass
                 (id, target, fill, replacing, begun, token, rows_done, rows_total)
                 values (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                pass.target,
                pass.fill,
                pass.replacing,
                pass.begun,
                pass.token,
                pass.rows_done.cast_signed(),
                pass.rows_total.map(u64::cast_signed)
            ])?;
        Ok(())
    }

    /// Notes how far the pass is.
    pub(crate) fn advance_pass(&self, token: Option<&str>, rows_done: u64) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("update _pass set token = ?1, rows_done = ?2")?
            .execute(params![token, rows_done.cast_signed()])?;
        Ok(())
    }

    /// Forgets the pass with its staged and seen rows.
    pub(crate) fn end_pass(&self) -> Result<(), StoreError> {
        for sql in ["delete from _pass", "delete from _staged", "delete from _seen"] {
            self.connection.prepare_cached(sql)?.execute([])?;
        }
        Ok(())
    }
}
