//! The hub's own conversations with Postgres: which scopes changed, and telling other nodes.

use std::collections::BTreeSet;

use sqlx::{Row as _, postgres::PgListener};
use uuid::Uuid;

use super::{Snapshot, cursor::History};
use crate::database::{Database, DatabaseError};

/// The channel nodes tell each other on. The payload is the id of the node that tells, then devices, each as
/// organization and device, with commas between.
const CHANNEL: &str = "satchel_wake";
/// Characters of an id in a message.
const ID_CHARS: usize = 32;

/// A device of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Device {
    pub(super) org_id: Uuid,
    pub(super) device_id: Uuid,
}

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

/// Everything in one statement: whoever is to be woken waits for it. Where nothing was seen yet, the feed names nothing.
const LOOK: &str = "select pg_is_in_recovery() as standby, h.identity, h.server_started, \
    pg_current_snapshot()::text as snapshot, news.orgs, news.scopes \
    from satchel.history() as h cross join lateral ( \
        select coalesce(array_agg(told.org_id), '{}') as orgs, coalesce(array_agg(told.scope_id), '{}') as scopes \
        from satchel.feed_wake($1::text::xid8, $2::text[]::xid8[]) as told) as news";

/// Looks at what was committed since `seen`.
pub(super) async fn read(database: &Database, seen: Option<&(History, Snapshot)>) -> Result<News, DatabaseError> {
    let mut tx = database.begin_waker().await?;
    let since = seen.map(|(_, since)| since);
    let look = sqlx::query(LOOK).bind(since.map(Snapshot::xmax_text)).bind(since.map(Snapshot::running_text));
    let row = look.fetch_one(&mut *tx).await?;
    if row.try_get("standby")? {
        return Err(DatabaseError::Standby);
    }
    let history = History::of(row.try_get("identity")?, row.try_get("server_started")?);
    let snapshot = Snapshot::parse(row.try_get("snapshot")?)
        .ok_or_else(|| sqlx::Error::Decode("pg_current_snapshot is not spelled as expected".into()))?;
    let changed = if seen.is_some_and(|(known, _)| *known == history) {
        let (orgs, scopes): (Vec<Uuid>, Vec<Uuid>) = (row.try_get("orgs")?, row.try_get("scopes")?);
        Some(orgs.into_iter().zip(scopes).collect())
    } else {
        None
    };
    Ok(News { history, snapshot, changed })
}

/// Tells the other nodes that something was committed, in a transaction of its own.
pub(super) async fn announce(database: &Database, node: Uuid, devices: &BTreeSet<Device>) -> sqlx::Result<()> {
    sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(told(node, devices)).execute(database.service()).await?;
    Ok(())
}

fn told(node: Uuid, devices: &BTreeSet<Device>) -> String {
    let mut message = node.simple().to_string();
    for Device { org_id, device_id } in devices {
        message += &format!(",{}{}", org_id.simple(), device_id.simple());
    }
    message
}

/// The devices a message names; none at all for a message of this node itself. What is not spelled as expected, such as
/// a message of another version, names no device.
pub(super) fn heard(message: &str, own: Uuid) -> Option<impl Iterator<Item = Device>> {
    let mut parts = message.split(',');
    let from: Option<Uuid> = parts.next().and_then(|node| node.parse().ok());
    let device = |part: &str| {
        let (org_id, device_id) = part.split_at_checked(ID_CHARS)?;
        Some(Device { org_id: org_id.parse().ok()?, device_id: device_id.parse().ok()? })
    };
    (from != Some(own)).then(|| parts.filter_map(device))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_heard_by_the_others_and_fits_a_message() {
        let (node, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let device = |number| Device { org_id: Uuid::from_u128(3), device_id: Uuid::from_u128(number) };
        let devices: BTreeSet<Device> = (0..super::super::hub::DEVICES_TOLD as u128).map(device).collect();
        let message = told(node, &devices);
        assert!(message.len() < 8_000, "{}", message.len());
        assert!(heard(&message, node).is_none());
        assert_eq!(heard(&message, other).unwrap().collect::<BTreeSet<_>>(), devices);
        assert_eq!(heard("", other).unwrap().count(), 0);
        assert_eq!(heard("nonsense,é,ff", other).unwrap().count(), 0);
    }
}
