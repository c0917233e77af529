//! What can be seen of a phone from outside: when verdicts arrive, what is held, how often it connects again.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use satchel_client::{Client, ClientError, store::QueueState};
use tokio::{sync::Notify, task::JoinHandle};
use uuid::Uuid;

/// Looks at a phone until it is told to end.
#[derive(Debug)]
pub struct Watch {
    seen: Arc<Mutex<Seen>>,
    tapped: Arc<Notify>,
    looking: JoinHandle<Result<(), ClientError>>,
    client: Client,
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// From taps to their verdicts on the phone.
    pub verdicts: Vec<Duration>,
    /// Taps that waited for a refused one at some time.
    pub held: HashSet<Uuid>,
    /// Connections opened after the first.
    pub reconnects: usize,
    waiting: HashMap<Uuid, Instant>,
}

impl Watch {
    /// Begins to look.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn begin(client: &Client) -> Result<Self, ClientError> {
        let (seen, tapped) = (Arc::new(Mutex::new(Seen::default())), Arc::new(Notify::new()));
        let observation = client.observe(&[])?;
        let (client, ours, wake) = (client.clone(), seen.clone(), tapped.clone());
        let looked_at = client.clone();
        let looking = tokio::spawn(async move {
            let mut status = client.status();
            let mut online = false;
            loop {
                tokio::select! {
                    changes = observation.changed() => if changes.queue { look(&client, &ours).await?; },
                    () = wake.notified() => look(&client, &ours).await?,
                    told = status.changed() => {
                        if told.is_err() {
                            return Ok(());
                        }
                        let now = status.borrow_and_update().connection.is_online();
                        if now && !online {
                            lock(&ours).reconnects += 1;
                        }
                        online = now;
                    }
                }
            }
        });
        Ok(Self { seen, tapped, looking, client: looked_at })
    }

    /// A tap was made at that time.
    pub fn tapped(&self, key: Uuid, at: Instant) {
        lock(&self.seen).waiting.insert(key, at);
        self.tapped.notify_one();
    }

    /// Looks a last time, and tells.
    ///
    /// # Errors
    /// When the phone could not be looked at.
    pub async fn end(self) -> Result<Seen, ClientError> {
        self.looking.abort();
        if let Ok(looked) = self.looking.await {
            looked?;
        }
        look(&self.client, &self.seen).await?;
        let mut seen = lock(&self.seen).clone();
        seen.reconnects = seen.reconnects.saturating_sub(1);
        Ok(seen)
    }
}

/// Takes note of verdicts that have arrived, and of what is held.
async fn look(client: &Client, seen: &Mutex<Seen>) -> Result<(), ClientError> {
    let before: HashSet<Uuid> = lock(seen).waiting.keys().copied().collect();
    if before.is_empty() {
        return Ok(());
    }
    let queue = client.queue().await?;
    let now = Instant::now();
    let mut seen = lock(seen);
    let mut undecided = HashSet::new();
    for entry in queue {
        match entry.state {
            QueueState::Held { .. } => {
                seen.held.insert(entry.key);
                undecided.insert(entry.key);
            }
            QueueState::Pending | QueueState::Sending => {
                undecided.insert(entry.key);
            }
            QueueState::Accepted | QueueState::Rejected => {}
        }
    }
    for key in before.difference(&undecided) {
        if let Some(at) = seen.waiting.remove(key) {
            seen.verdicts.push(now - at);
        }
    }
    Ok(())
}

fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
