//! Wakes this node's streams when something they hold has changed.
//!
//! Invariants:
//! - The feed is read once per node, ids only, however many streams there are; a stream then reads its own delta.
//! - A commit on this node is told by [`Hub::signal`], one on another node by NOTIFY, one by any other writer by the
//!   poll that stands behind both. Only the poll is relied on.
//! - NOTIFY is never part of a writing transaction: it takes a lock that all committing notifiers share.
//! - What a push changed and what it decided wake together, after one look: a phone whose own rows changed reads one
//!   delta for a push, not two, and nobody's delta competes with the look that the others wait for.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep, timeout_at},
};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use super::{
    Snapshot,
    cursor::History,
    subscribers::{Subscribers, Subscription},
    wake::{self, Device},
};
use crate::database::Database;

/// Milliseconds between looks at the feed when nobody signals.
pub const FEED_POLL_MS: u64 = 500;
/// Milliseconds between two looks however often somebody signals.
pub const FEED_PAUSE_MS: u64 = 2;
/// Milliseconds between two messages to the other nodes.
pub const ANNOUNCE_PAUSE_MS: u64 = 5;
/// Devices named in one message to the other nodes: a message has at most 8,000 bytes, and a device takes 66.
pub const DEVICES_TOLD: usize = 100;
/// Milliseconds before another attempt to listen to the other nodes.
pub const LISTEN_RETRY_MS: u64 = 2_000;

/// How a hub looks and tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HubSettings {
    /// The longest time between looks at the feed.
    pub poll: Duration,
    /// Whether to tell and hear the other nodes.
    pub announce: bool,
}

impl Default for HubSettings {
    fn default() -> Self {
        Self { poll: Duration::from_millis(FEED_POLL_MS), announce: true }
    }
}

/// The node's hub. Cheap to clone; its tasks end with the last clone.
#[derive(Clone, Debug)]
pub struct Hub {
    subscribers: Arc<Subscribers>,
    doors: Arc<Doors>,
    _tasks: Arc<DropGuard>,
}

#[derive(Debug, Default)]
struct Doors {
    /// Something may have been committed here or elsewhere.
    look: Notify,
    /// Something was committed here: tell the others.
    announce: Notify,
    /// Devices whose mutations have verdicts, to be woken with what the next look finds.
    decided: Mutex<BTreeSet<Device>>,
    /// The same, of which the others have not been told; empty where nobody is told.
    untold: Mutex<BTreeSet<Device>>,
    announces: bool,
}

impl Doors {
    fn decided(&self, device: Device) {
        lock(&self.decided).insert(device);
    }
}

fn lock(devices: &Mutex<BTreeSet<Device>>) -> MutexGuard<'_, BTreeSet<Device>> {
    devices.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// Starts the hub's tasks on the present runtime.
    pub fn start(database: Database, settings: HubSettings) -> Self {
        let (subscribers, end) = <(Arc<Subscribers>, CancellationToken)>::default();
        let doors = Arc::new(Doors { announces: settings.announce, ..Doors::default() });
        let watching = watch(database.clone(), subscribers.clone(), doors.clone(), settings.poll);
        tokio::spawn(end.clone().run_until_cancelled_owned(watching));
        if settings.announce {
            let node = Uuid::new_v4();
            tokio::spawn(end.clone().run_until_cancelled_owned(announce(database.clone(), doors.clone(), node)));
            tokio::spawn(end.clone().run_until_cancelled_owned(listen(database, doors.clone(), node)));
        }
        Self { subscribers, doors, _tasks: Arc::new(end.drop_guard()) }
    }

    /// Something was committed on this node. Many signals become one look.
    ///
    /// Whoever also has a device to name does so first, or the look may be over before the name is known.
    pub fn signal(&self) {
        self.doors.look.notify_one();
        self.doors.announce.notify_one();
    }

    /// A device's own mutations have verdicts: the next look wakes its streams even if no row changed, because their next
    /// delta tells the device's `last_seq`. The streams on other nodes learn it by NOTIFY alone; one that is lost costs
    /// nothing but time, for the verdicts themselves were the answer of the push.
    pub fn signal_device(&self, org_id: Uuid, device_id: Uuid) {
        let device = Device { org_id, device_id };
        self.doors.decided(device);
        if self.doors.announces {
            lock(&self.doors.untold).insert(device);
        }
        self.signal();
    }

    /// Subscribes a stream of a device.
    pub fn subscribe(&self, org_id: Uuid, device_id: Uuid) -> Subscription {
        self.subscribers.subscribe(org_id, device_id)
    }
}

async fn watch(database: Database, subscribers: Arc<Subscribers>, doors: Arc<Doors>, poll: Duration) {
    let mut seen: Option<(History, Snapshot)> = None;
    let mut failing = false;
    loop {
        let pause = Instant::now() + Duration::from_millis(FEED_PAUSE_MS);
        // Taken before the look: what these devices pushed was committed before, and the look sees it.
        let decided = std::mem::take(&mut *lock(&doors.decided));
        match wake::read(&database, seen.as_ref()).await {
            Ok(news) => {
                match &news.changed {
                    Some(changed) => subscribers.dispatch(changed, &decided),
                    None => subscribers.dispatch_all(),
                }
                seen = Some((news.history, news.snapshot));
                failing = false;
            }
            Err(error) => {
                subscribers.dispatch(&[], &decided);
                if !failing {
                    tracing::warn!(cause = %error, "the change feed cannot be read; trying again");
                }
                failing = true;
            }
        }
        tokio::time::sleep_until(pause).await;
        let _ = timeout_at(pause + poll, doors.look.notified()).await;
    }
}

async fn announce(database: Database, doors: Arc<Doors>, node: Uuid) {
    loop {
        doors.announce.notified().await;
        let devices = {
            let mut waiting = lock(&doors.untold);
            let rest = waiting.iter().nth(DEVICES_TOLD).copied().map(|first| waiting.split_off(&first));
            let told = std::mem::replace(&mut *waiting, rest.unwrap_or_default());
            if !waiting.is_empty() {
                doors.announce.notify_one();
            }
            told
        };
        if let Err(error) = wake::announce(&database, node, &devices).await {
            tracing::debug!(cause = %error, "the other nodes were not told; their poll finds it");
        }
        sleep(Duration::from_millis(ANNOUNCE_PAUSE_MS)).await;
    }
}

async fn listen(database: Database, doors: Arc<Doors>, node: Uuid) {
    loop {
        if let Err(error) = wake::listen(&database, |message| {
            let Some(devices) = wake::heard(message, node) else { return };
            devices.for_each(|device| doors.decided(device));
            doors.look.notify_one();
        })
        .await
        {
            tracing::debug!(cause = %error, "not listening to the other nodes; the poll goes on");
        }
        sleep(Duration::from_millis(LISTEN_RETRY_MS)).await;
    }
}
