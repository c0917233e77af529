//! The hub's own conversations with Postgres: which scopes changed, and telling other nodes.

use sqlx::{Row as _, postgres::PgListener};
use uuid::Uuid;

use super::{Snapshot, cursor::History};
use crate::database::{Database, DatabaseError};

/// The channel nodes tell each other on. The payload is the id of the node that tells.
const CHANNEL: &str = "satchel_wake";

/// What a look at the feed found.
#[derive(Debug)]
pub(super) struct News {
    /// The history the look belongs to.
    pub(super) history: History,
    /// What the look saw; the next one goes on from here.
    pub(super) snapshot: Snapshot,
    /// Organizations and scopes touched; `None` when it cannot be told what was missed.
    pub(super) changed: Option<Vec<(Uuid, Uuid)>>,
}

const NOW: &str = "select h.identity, h.server_started, pg_current_snapshot()::text as snapshot \
    from satchel.history() as h";
const CHANGED: &str = "select org_id, scope_id from satchel.feed_wake($1::text::xid8, $2::text[]::xid8[])";

/// Looks at what was committed since `seen`.
pub(super) async fn read(database: &Database, seen: Option<&(History, Snapshot)>) -> Result<News, DatabaseError> {
    let mut tx = database.begin_waker().await?;
    let row = sqlx::query(NOW).fetch_one(&mut *tx).await?;
    let history = History::of(row.try_get("identity")?, row.try_get("server_started")?);
    let snapshot = Snapshot::parse(row.try_get("snapshot")?)
        .ok_or_else(|| sqlx::Error::Decode("pg_current_snapshot is not spelled as expected".into()))?;
    let changed = match seen {
        Some((known, since)) if *known == history => {
            Some(sqlx::query_as(CHANGED).bind(since.xmax_text()).bind(since.running_text()).fetch_all(&mut *tx).await?)
        }
        _ => None,
    };
    Ok(News { history, snapshot, changed })
}

/// Tells the other nodes that something was committed, in a transaction of its own.
pub(super) async fn announce(database: &Database, node: Uuid) -> sqlx::Result<()> {
    sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(node.to_string()).execute(database.service()).await?;
    Ok(())
}

/// Hears the other nodes, until the connection breaks.
pub(super) async fn listen(database: &Database, mut heard: impl FnMut(&str)) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(database.service()).await?;
    listener.listen(CHANNEL).await?;
    loop {
        match listener.try_recv().await? {
            Some(message) => heard(message.payload()),
            // Reconnected: what was said meanwhile is lost.
            None => heard(""),
        }
    }
}
