//! The queue and its history on disk.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, params};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{
    Tx,
    failure::damaged,
    table::{read_optional, read_uuid, text},
};
use crate::error::StoreError;

/// A queued mutation, but for its arguments and context. `outcome`, `refusal` and `footprint` are JSON.
#[derive(Clone, Debug)]
pub(crate) struct StoredEntry {
    pub(crate) local_order: i64,
    pub(crate) key: Uuid,
    pub(crate) seq: Option<u64>,
    pub(crate) name: String,
    pub(crate) outcome: Option<String>,
    pub(crate) contained: bool,
    pub(crate) refusal: Option<String>,
    pub(crate) footprint: String,
    pub(crate) because_of: Option<Uuid>,
    pub(crate) held: bool,
    pub(crate) retry_of: Option<Uuid>,
    pub(crate) handed: Option<Uuid>,
}

/// A mutation that left the queue. `outcome` and `settlement` are JSON.
#[derive(Clone, Debug)]
pub(crate) struct StoredPast {
    pub(crate) key: Uuid,
    pub(crate) name: String,
    pub(crate) content: Content,
    pub(crate) outcome: String,
    pub(crate) retry_of: Option<Uuid>,
    pub(crate) replaced_by: Option<Uuid>,
    pub(crate) settlement: Option<String>,
}

/// A mutation's original bytes.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) args: Box<RawValue>,
    pub(crate) context: Box<RawValue>,
}

impl Tx<'_> {
    /// The whole queue, in order.
    pub(crate) fn queue_entries(&self) -> Result<Vec<StoredEntry>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "select local_order, key, seq, name, outcome, contained, refusal, footprint, because_of, held,
                    retry_of, handed
             from _queue order by local_order",
        )?;
        let mut rows = statement.query([])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(StoredEntry {
                local_order: row.get(0)?,
                key: read_uuid(row.get_ref(1)?)?,
                seq: row.get::<_, Option<i64>>(2)?.map(i64::cast_unsigned),
                name: row.get(3)?,
                outcome: row.get(4)?,
                contained: row.get(5)?,
                refusal: row.get(6)?,
                footprint: row.get(7)?,
                because_of: read_optional(row.get_ref(8)?)?,
                held: row.get(9)?,
                retry_of: read_optional(row.get_ref(10)?)?,
                handed: read_optional(row.get_ref(11)?)?,
            });
        }
        Ok(entries)
    }

    /// Adds a mutation without a wire number.
    pub(crate) fn enqueue(&self, entry: &StoredEntry, args: &RawValue, context: &RawValue) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "insert into _queue (local_order, key, name, args, context, refusal, footprint, because_of, retry_of)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                entry.local_order,
                text(entry.key),
                entry.name,
                args.get(),
                context.get(),
                entry.refusal,
                entry.footprint,
                entry.because_of.map(text),
                entry.retry_of.map(text)
            ])?;
        Ok(())
    }

    /// The original bytes of a queued mutation.
    pub(crate) fn content(&self, local_order: i64) -> Result<Content, StoreError> {
        let (args, context) = self
            .connection
            .prepare_cached("select args, context from _queue where local_order = ?1")?
            .query_row([local_order], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Content { args: raw(args)?, context: raw(context)? })
    }

    /// Gives or takes a wire number.
    pub(crate) fn set_seq(&self, local_order: i64, seq: Option<u64>) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("update _queue set seq = ?2 where local_order = ?1")?
            .execute(params![local_order, seq.map(u64::cast_signed)])?;
        Ok(())
    }

    /// Stores a verdict, or takes it back.
    pub(crate) fn set_outcome(
        &self,
        local_order: i64,
        outcome: Option<&str>,
        contained: bool,
    ) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("update _queue set outcome = ?2, contained = ?3 where local_order = ?1")?
            .execute(params![local_order, outcome, contained])?;
        Ok(())
    }

    /// Stores what the rule's last run said and touched.
    pub(crate) fn set_run(&self, local_order: i64, refusal: Option<&str>, footprint: &str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("update _queue set refusal = ?2, footprint = ?3 where local_order = ?1")?
            .execute(params![local_order, refusal, footprint])?;
        Ok(())
    }

    /// Stores what it depends on, and whether it waits for it.
    pub(crate) fn set_hold(&self, local_order: i64, because_of: Option<Uuid>, held: bool) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("update _queue set because_of = ?2, held = ?3 where local_order = ?1")?
            .execute(params![local_order, because_of.map(text), held])?;
        Ok(())
    }

    /// Notes by which mutation it was handed to the office, or that it was not.
    pub(crate) fn set_handed(&self, local_order: i64, handed: Option<Uuid>) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("update _queue set handed = ?2 where local_order = ?1")?
            .execute(params![local_order, handed.map(text)])?;
        Ok(())
    }

    /// Notes what the office decided on a mutation of the history.
    pub(crate) fn set_settlement(&self, key: Uuid, settlement: &str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("update _history set settlement = ?2 where key = ?1")?
            .execute(params![text(key), settlement])?;
        Ok(())
    }

    /// Gives it another place in the order.
    pub(crate) fn move_entry(&self, from: i64, to: i64) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("update _queue set local_order = ?2 where local_order = ?1")?
            .execute(params![from, to])?;
        Ok(())
    }

    /// The verdict of a queued mutation, as JSON.
    pub(crate) fn outcome(&self, local_order: i64) -> Result<Option<String>, StoreError> {
        Ok(self
            .connection
            .prepare_cached("select outcome from _queue where local_order = ?1")?
            .query_row([local_order], |row| row.get(0))?)
    }

    /// Takes a mutation off the queue; one with a verdict goes to the history, with the one that replaces it.
    pub(crate) fn dequeue(&self, local_order: i64, replaced_by: Option<Uuid>) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "insert into _history (local_order, key, seq, name, args, context, outcome, retry_of, replaced_by)
                 select local_order, key, seq, name, args, context, outcome, retry_of, ?2 from _queue
                 where local_order = ?1 and outcome is not null",
            )?
            .execute(params![local_order, replaced_by.map(text)])?;
        self.connection.prepare_cached("delete from _queue where local_order = ?1")?.execute([local_order])?;
        Ok(())
    }

    /// Keeps only the latest `keep` of the history.
    pub(crate) fn trim_history(&self, keep: usize) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "delete from _history where local_order <=
                 (select local_order from _history order by local_order desc limit 1 offset ?1)",
            )?
            .execute([i64::try_from(keep).unwrap_or(i64::MAX)])?;
        Ok(())
    }

    /// Mutations that left the queue with a verdict, those entered last first.
    pub(crate) fn history(&self, most: usize) -> Result<Vec<StoredPast>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "select key, name, args, context, outcome, retry_of, replaced_by, settlement from _history
             order by local_order desc limit ?1",
        )?;
        let mut rows = statement.query([i64::try_from(most).unwrap_or(i64::MAX)])?;
        let mut past = Vec::new();
        while let Some(row) = rows.next()? {
            past.push(StoredPast {
                key: read_uuid(row.get_ref(0)?)?,
                name: row.get(1)?,
                content: Content { args: raw(row.get(2)?)?, context: raw(row.get(3)?)? },
                outcome: row.get(4)?,
                retry_of: read_optional(row.get_ref(5)?)?,
                replaced_by: read_optional(row.get_ref(6)?)?,
                settlement: row.get(7)?,
            });
        }
        Ok(past)
    }

    /// The keys of the history.
    pub(crate) fn history_keys(&self) -> Result<HashSet<Uuid>, StoreError> {
        let mut statement = self.connection.prepare_cached("select key from _history")?;
        let mut rows = statement.query([])?;
        let mut keys = HashSet::new();
        while let Some(row) = rows.next()? {
            keys.insert(read_uuid(row.get_ref(0)?)?);
        }
        Ok(keys)
    }

    /// The key that had this wire number, if the history still knows.
    pub(crate) fn history_key(&self, seq: u64) -> Result<Option<Uuid>, StoreError> {
        let key: Option<String> = self
            .connection
            .prepare_cached("select key from _history where seq = ?1")?
            .query_row([seq.cast_signed()], |row| row.get(0))
            .optional()?;
        key.map(|key| key.parse().map_err(|_| damaged("a key"))).transpose()
    }

    /// Puts what the history has above this wire number into the queue again, undecided. Refused ones stay where they
    /// are, without their number: their author took them back, or queued them again under another key.
    pub(crate) fn requeue_history(&self, above_seq: u64) -> Result<usize, StoreError> {
        let above_seq = above_seq.cast_signed();
        self.connection
            .prepare_cached(
                "update _history set seq = null
                 where seq > ?1 and (outcome like '{\"rejected\":%' or outcome like '{\"quarantined\":%')",
            )?
            .execute([above_seq])?;
        let moved = self
            .connection
            .prepare_cached(
                "insert into _queue (local_order, key, seq, name, args, context, footprint, retry_of)
                 select local_order, key, seq, name, args, context, '{}', retry_of from _history where seq > ?1",
            )?
            .execute([above_seq])?;
        self.connection.prepare_cached("delete from _history where seq > ?1")?.execute([above_seq])?;
        Ok(moved)
    }

    /// The device id is new, and wire numbers in the history mean nothing any more: what was accepted goes into the queue
    /// again, as contained in the server's rows, to get a number of the new device. Otherwise nobody could tell what of
    /// it a restored server lacks.
    pub(crate) fn requeue_accepted(&self) -> Result<(), StoreError> {
        const ACCEPTED: &str = "not (outcome like '{\"rejected\":%' or outcome like '{\"quarantined\":%')";
        let statements = [
            format!(
                "insert into _queue (local_order, key, name, args, context, footprint, contained, retry_of)
                 select local_order, key, name, args, context, '{{}}', 1, retry_of from _history where {ACCEPTED}"
            ),
            format!("delete from _history where {ACCEPTED}"),
            "update _history set seq = null where seq is not null".to_owned(),
        ];
        for sql in statements {
            self.connection.prepare_cached(&sql)?.execute([])?;
        }
        Ok(())
    }

    /// The highest local order ever given that is still known.
    pub(crate) fn last_local_order(&self) -> Result<i64, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "select max(coalesce((select max(local_order) from _queue), 0),
                            coalesce((select max(local_order) from _history), 0))",
            )?
            .query_row([], |row| row.get(0))?)
    }
}

fn raw(text: String) -> Result<Box<RawValue>, StoreError> {
    RawValue::from_string(text).map_err(|_| damaged("a queued mutation"))
}
