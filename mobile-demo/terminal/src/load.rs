//! Reads what a screen shows.

use jiff::Timestamp;
use satchel_client::{Client, ClientError, Connection, Status};

use crate::{
    app::Loaded,
    screens::Goto,
    view::{
        ChecklistView, DayView, Link, MaterialsView, NotesView, Refused, SyncView, TimeView, VisitView, Waiting, Who,
        search,
    },
};

/// Whose phone it is.
pub async fn who(client: &Client) -> Result<Who, ClientError> {
    let identity = client.identity()?;
    client.read(move |reader| Who::load(reader, &identity)).await
}

/// What stands at `goto`; none when its subject is not on this phone. `text` is what is searched for.
pub async fn load(
    client: &Client,
    who: &Who,
    now: Timestamp,
    goto: Goto,
    text: &str,
) -> Result<Option<Loaded>, ClientError> {
    match goto {
        Goto::Queue => {
            let waiting = client.queue().await?.into_iter().map(Waiting::from).collect();
            return Ok(Some(Loaded::Queue(waiting)));
        }
        Goto::Attention => {
            let refused = client.attention().await?.into_iter().map(Refused::from).collect();
            return Ok(Some(Loaded::Attention(refused)));
        }
        _ => {}
    }
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
                Goto::Queue | Goto::Attention => None,
            })
        })
        .await
}

/// The state of sync in the words of the screen. `cut` says that the network key was pressed.
pub fn sync(status: &Status, cut: bool) -> SyncView {
    let (link, why) = match status.connection {
        Connection::Online(transport) if status.caught_up => (Link::Online, transport.to_string()),
        Connection::Online(_) => (Link::Online, status.reason.clone()),
        Connection::Connecting => (Link::Connecting, status.reason.clone()),
        Connection::Offline if cut => (Link::Offline, "network cut, n mends it".to_owned()),
        Connection::Offline | Connection::Stopped => (Link::Offline, status.reason.clone()),
        Connection::Waiting => (Link::Offline, format!("{}{}", status.reason, next_try(status))),
        Connection::NeedsSignIn => (Link::Stuck, "please sign in again".to_owned()),
        Connection::UpgradeRequired | Connection::Blocked => {
            (Link::Stuck, format!("{}{}", status.reason, next_try(status)))
        }
    };
    SyncView {
        link,
        why,
        cut,
        queue: status.queue,
        last_synced: status.last_synced_at,
        readiness: status.readiness,
        progress: status.progress,
    }
}

fn next_try(status: &Status) -> String {
    match status.next_try_in_ms {
        Some(wait_ms) => format!(" Next try in {} s.", wait_ms.div_ceil(1_000)),
        None => String::new(),
    }
}
