//! What a pull needs to know before it reads rows, in one round trip.

use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::{Snapshot, cursor::History};

/// The state of the database as the reading transaction sees it.
#[derive(Clone, Debug)]
pub struct Head {
    /// The history it belongs to.
    pub history: History,
    /// What the transaction sees.
    pub snapshot: Snapshot,
    /// Cursors whose `xmin` lies below this are older than the feed keeps.
    pub trimmed: u64,
    /// The scopes the caller's replica should hold, ascending.
    pub scopes: Vec<Uuid>,
    /// Scopes whose changes concern the caller though his replica does not hold them, ascending.
    pub wakes: Vec<Uuid>,
    /// The device's last mutation with a verdict, if it ever pushed.
    pub last: LastPushed,
}

/// The end of a device's sequence as the server knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastPushed {
    /// The highest `seq` with a verdict; 0 for a device that never pushed.
    pub seq: u64,
    /// The idempotency key at that `seq`.
    pub key: Option<Uuid>,
}

const HEAD: &str = "select h.identity, h.server_started, pg_current_snapshot()::text as snapshot, \
    satchel.feed_floor()::text as trimmed, \
    array(select distinct s from satchel.my_scopes() as s order by s) as scopes, \
    array(select distinct w from satchel.my_wakes() as w order by w) as wakes, \
    d.last_seq, d.last_key \
    from satchel.history() as h left join satchel.device d on d.org_id = $1 and d.id = $2";

impl Head {
    /// Reads it for one device of the caller.
    ///
    /// # Errors
    /// Those of the database, and a decoding error for a snapshot that cannot be read.
    pub async fn read(connection: &mut PgConnection, org_id: Uuid, device_id: Uuid) -> sqlx::Result<Self> {
        let row = sqlx::query(HEAD).bind(org_id).bind(device_id).fetch_one(connection).await?;
        let snapshot: String = row.try_get("snapshot")?;
        let trimmed: String = row.try_get("trimmed")?;
        Ok(Self {
            history: History::of(row.try_get("identity")?, row.try_get("server_started")?),
            snapshot: Snapshot::parse(&snapshot).ok_or_else(|| unreadable("pg_current_snapshot"))?,
            trimmed: trimmed.parse().map_err(|_| unreadable("feed_floor"))?,
            scopes: row.try_get("scopes")?,
            wakes: row.try_get("wakes")?,
            last: LastPushed {
                seq: row.try_get::<Option<i64>, _>("last_seq")?.unwrap_or(0).cast_unsigned(),
                key: row.try_get("last_key")?,
            },
        })
    }
}

fn unreadable(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("{what} is not spelled as expected").into())
}
