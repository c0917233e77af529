//! What a pull needs to know before it reads rows, in one round trip.
//!
//! Invariant: scopes are computed in the transaction that reads the rows, but for a technician's stream whose scopes this
//! node computed a moment ago, while no row has changed since its cursor that they follow from ([`Head::read_known`]).

use sqlx::{PgConnection, Row as _, postgres::PgRow};
use uuid::Uuid;

use super::{
    Snapshot,
    cursor::History,
    rows::{NamedChange, named_changes},
    scopes::ScopeKinds,
    subscribers::Concern,
};

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
    /// What they are the ids of.
    pub kinds: ScopeKinds,
    /// Scopes whose changes concern the caller though his replica does not hold them, ascending.
    pub wakes: Vec<Uuid>,
    /// The device's last mutation with a verdict, if it ever pushed.
    pub last: LastPushed,
    /// Whether the office has ever decided on work of the caller's in its inbox.
    pub settled: bool,
    /// How the device is to clear itself, if the office asks for it: a word of the wire.
    pub wipe: Option<String>,
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
    due.ids, due.kinds, \
    array(select distinct w from satchel.my_wakes() as w order by w) as wakes, \
    d.last_seq, d.last_key, satchel.has_inbox_outcomes() as settled, \
    case when d.wipe_asked_at is not null and d.wiped_at is null then satchel.wipe_mode() end as wipe \
    from satchel.history() as h left join satchel.device d on d.org_id = $1 and d.id = $2 \
    cross join lateral ( \
        select coalesce(array_agg(s.id), '{}') as ids, coalesce(array_agg(s.kind), '{}') as kinds \
        from satchel.my_scopes_by_kind() as s) as due";

/// Scopes as in [`HEAD`] are not among it; instead what the feed names in the scopes of `$5`, and whether any of it is of
/// a table that scopes follow from.
const KNOWN: &str = "select h.identity, h.server_started, pg_current_snapshot()::text as snapshot, \
    satchel.feed_floor()::text as trimmed, d.last_seq, d.last_key, satchel.has_inbox_outcomes() as settled, \
    case when d.wipe_asked_at is not null and d.wiped_at is null then satchel.wipe_mode() end as wipe, \
    news.scopes, news.tables, news.ids, news.tables && satchel.scope_tables() as decides \
    from satchel.history() as h left join satchel.device d on d.org_id = $1 and d.id = $2 \
    cross join lateral ( \
        select coalesce(array_agg(f.scope_id), '{}') as scopes, coalesce(array_agg(f.table_name), '{}') as tables, \
        coalesce(array_agg(f.row_id), '{}') as ids \
        from satchel.feed_changes($3::text::xid8, $4::text[]::xid8[], $5) as f) as news";

impl Head {
    /// Reads it for one device of the caller whose scopes are still what was computed before, together with what changed in
    /// them since `since`; `None` when a row has changed that they may follow from.
    ///
    /// Sound for technicians only: whatever changes their scopes is told to the feed in a scope they hold, or in what wakes
    /// them besides (`satchel.scope_tables`), and the feed tells everything committed since the cursor (P7). What turns
    /// with the day is found once the caller computes scopes again. That `known` was computed for this caller, and by the
    /// server, is the caller's word; rows are read under row-level security all the same (P6).
    ///
    /// # Errors
    /// As [`Head::read`].
    pub async fn read_known(
        connection: &mut PgConnection,
        org_id: Uuid,
        device_id: Uuid,
        since: &Snapshot,
        known: &Concern,
    ) -> sqlx::Result<Option<(Self, Vec<NamedChange>)>> {
        let told: Vec<Uuid> = known.held.iter().chain(known.besides.iter()).copied().collect();
        let row = sqlx::query(KNOWN)
            .bind(org_id)
            .bind(device_id)
            .bind(since.xmax_text())
            .bind(since.running_text())
            .bind(told)
            .fetch_one(connection)
            .await?;
        if row.try_get("decides")? {
            return Ok(None);
        }
        let mut changes = named_changes(row.try_get("scopes")?, row.try_get("tables")?, row.try_get("ids")?);
        // What only wakes is not sent.
        changes.retain(|change| known.held.binary_search(&change.scope).is_ok());
        let head = Self::of(&row, known.held.to_vec(), known.kinds.clone(), known.besides.to_vec())?;
        Ok(Some((head, changes)))
    }

    /// Reads it for one device of the caller.
    ///
    /// # Errors
    /// Those of the database, and a decoding error for a snapshot that cannot be read.
    pub async fn read(connection: &mut PgConnection, org_id: Uuid, device_id: Uuid) -> sqlx::Result<Self> {
        let row = sqlx::query(HEAD).bind(org_id).bind(device_id).fetch_one(connection).await?;
        let (ids, kinds): (Vec<Uuid>, Vec<String>) = (row.try_get("ids")?, row.try_get("kinds")?);
        let kinds = ScopeKinds::new(kinds.into_iter().zip(ids));
        Self::of(&row, kinds.scopes().to_vec(), kinds, row.try_get("wakes")?)
    }

    fn of(row: &PgRow, scopes: Vec<Uuid>, kinds: ScopeKinds, wakes: Vec<Uuid>) -> sqlx::Result<Self> {
        let snapshot: String = row.try_get("snapshot")?;
        let trimmed: String = row.try_get("trimmed")?;
        Ok(Self {
            history: History::of(row.try_get("identity")?, row.try_get("server_started")?),
            snapshot: Snapshot::parse(&snapshot).ok_or_else(|| unreadable("pg_current_snapshot"))?,
            trimmed: trimmed.parse().map_err(|_| unreadable("feed_floor"))?,
            scopes,
            kinds,
            wakes,
            last: LastPushed {
                seq: row.try_get::<Option<i64>, _>("last_seq")?.unwrap_or(0).cast_unsigned(),
                key: row.try_get("last_key")?,
            },
            settled: row.try_get("settled")?,
            wipe: row.try_get("wipe")?,
        })
    }
}

fn unreadable(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("{what} is not spelled as expected").into())
}
