//! Reads what a screen shows.

use std::time::Duration;

use jiff::Timestamp;
use satchel_client::{Client, ClientError, Connection, Status};
use satchel_domain::rules::visit_state::Intent;

use crate::{
    app::Loaded,
    order::Order,
    screens::Goto,
    view::{
        ChecklistView, DayView, Link, MaterialsView, NotesView, Refused, SyncView, TimeView, VisitView, Waiting, Who,
        search,
    },
};

/// Whose phone it is.
pub async fn who(client: &Client) -> Result<Who, ClientError> {
    let (identity, store) = (client.identity()?, client.store()?);
    let may_not = Intent::ALL.iter().copied().filter(|intent| !store.may(Order::step_name(*intent))).collect();
    client.read(move |reader| Who::load(reader, &identity, may_not)).await
}

/// What stands at `goto`; none when its subject is not on this phone. `text` is what is searched for.
pub async fn load(
    client: &Client,
    who: &Who,
    now: Timestamp,
    goto: Goto,
    text: &str,
) -> Result<Option<Loaded>, ClientError> {
    let queue = if goto == Goto::Queue { client.queue().await? } else { Vec::new() };
    let attention = if goto == Goto::Attention { client.attention().await? } else { Vec::new() };
    let (who, text) = (who.clone(), text.to_owned());
    client
        .read(move |reader| {
            Ok(match goto {
                Goto::Day(offset) => Some(Loaded::Day(DayView::load(reader, &who, now, offset)?)),
                Goto::Visit(id) => VisitView::load(reader, &who, id)?.map(|view| Loaded::Visit(Box::new(view))),
                Goto::Checklist(id) => ChecklistView::load(reader, id)?.map(Loaded::Checklist),
                Goto::Notes(id) => NotesView::load(reader, id)?.map(Loaded::Notes),
                Goto::Note(id) => reader.get(id)?.map(Loaded::Note),
                Goto::Materials(id) => MaterialsView::load(reader, id)?.map(Loaded::Materials),
                Goto::Search(at) => Some(Loaded::Search(at, search(reader, &text)?)),
                Goto::Time(id) => TimeView::load(reader, &who, now, id)?.map(Loaded::Time),
                Goto::Queue => {
                    let waiting: Result<_, _> = queue.into_iter().map(|entry| Waiting::of(reader, entry)).collect();
                    Some(Loaded::Queue(waiting?))
                }
                Goto::Attention => {
                    let refused: Result<_, _> = attention.into_iter().map(|one| Refused::of(reader, one)).collect();
                    Some(Loaded::Attention(refused?))
                }
            })
        })
        .await
}

/// The state of sync in the words of the screen. `cut` says that the network key was pressed, `since` how long ago the
/// status was published.
pub fn sync(client: &Client, status: &Status, cut: bool, since: Duration) -> SyncView {
    let next_try = || next_try(status, since);
    let (link, why) = match status.connection {
        Connection::Online(transport) if status.caught_up => (Link::Online, transport.to_string()),
        Connection::Online(_) => (Link::Online, status.reason.clone()),
        Connection::Connecting => (Link::Connecting, status.reason.clone()),
        Connection::Offline if cut => (Link::Offline, "network cut, n mends it".to_owned()),
        Connection::Offline | Connection::Stopped => (Link::Offline, status.reason.clone()),
        Connection::Waiting => (Link::Offline, format!("{}{}", status.reason, next_try())),
        Connection::NeedsSignIn if client.identity().is_err() => (Link::Offline, "nobody is signed in".to_owned()),
        Connection::NeedsSignIn if status.ended.is_some() => (Link::Stuck, status.reason.clone()),
        Connection::NeedsSignIn => (Link::Stuck, "please sign in again".to_owned()),
        Connection::UpgradeRequired | Connection::Blocked => (Link::Stuck, format!("{}{}", status.reason, next_try())),
    };
    let why = match status.waiting.as_ref().filter(|waiting| waiting.overdue) {
        Some(waiting) => format!("{why} {} {}", waiting.reason, waiting.next_step),
        None => why,
    };
    // The store's own word where there is one: the status may be a commit behind.
    let (queue, readiness, progress) = match client.store() {
        Ok(store) => (store.queue_summary(), store.readiness(), store.progress()),
        Err(_) => (status.queue, status.readiness, status.progress),
    };
    SyncView {
        link,
        why,
        caught_up: status.caught_up,
        cut,
        queue,
        last_synced: status.last_synced_at,
        readiness,
        progress,
    }
}

fn next_try(status: &Status, since: Duration) -> String {
    let left = |wait_ms| Duration::from_millis(wait_ms).saturating_sub(since).as_millis().div_ceil(1_000);
    status.next_try_in_ms.map_or_else(String::new, |wait_ms| format!(" Next try in {} s.", left(wait_ms)))
}
