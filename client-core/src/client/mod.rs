//! What an app uses: open, sign in, mutate, read, observe, status, attention, sync.
//!
//! Invariants:
//! - A mutation is durable when [`Client::mutate`] returns (P1); nothing here waits for the network but signing in,
//!   signing out and [`Client::sync_once`].
//! - Observers and status are told after commit, with no lock held.
//! - Each user has an own replica per organization; signing out, or in as somebody else, keeps every queue.

mod day;
mod diagnostics;
mod error;
mod notes;
mod options;
mod seat;
mod sync_once;
mod wipe;

use std::{
    path::{Path, PathBuf},
    pin::pin,
    sync::{Arc, PoisonError, RwLock},
};

use jiff::Timestamp;
use satchel_protocol::{Mutation, Table};
use satchel_rescue::{Key, Lock};
use serde_json::value::RawValue;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

pub use day::DayOnPhone;
pub use diagnostics::{Diagnostics, Files, QueueAge, QueueReport, Refused, SalvageReport};
pub use error::ClientError;
pub use options::ClientOptions;
pub use sync_once::SyncOnce;

use crate::{
    clock::Clock,
    db::key::usable,
    driver::Command,
    error::StoreError,
    observe::Observation,
    reader::Reader,
    session::{FileTokenStore, Keeper, StoredSession},
    status::Status,
    store::{self, Attention, Identity, Past, QueueEntry, Receipts, Salvaged, Store, TakenIn},
    transport::Network,
};
use seat::Seat;

/// See the module. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    options: ClientOptions,
    network: Network,
    keeper: Arc<Keeper>,
    clock: Arc<Clock>,
    status: Arc<watch::Sender<Status>>,
    seat: RwLock<Option<Arc<Seat>>>,
    /// Held while one seat makes room for another.
    moving: tokio::sync::Mutex<()>,
    /// Tells whoever waits for the network meanwhile that the client closes.
    closing: Notify,
}

/// A mutation that is durable in the queue, its effects visible.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutated {
    /// Its idempotency key.
    pub key: Uuid,
    /// What the rule returned; none for a rule that only the server runs.
    pub output: Option<serde_json::Value>,
}

impl Client {
    /// Opens the folder of this app: the replica of whoever is signed in, if somebody is, also without a network and
    /// with an expired session. Syncing begins with [`start`](Self::start). Needs a tokio runtime.
    pub async fn open(options: ClientOptions) -> Result<Self, ClientError> {
        // Before anybody signs in, not after.
        usable(options.store.key.as_ref())?;
        let network = Network::new(&options.server_url, &options.network)?;
        let tokens = match options.token_store.clone() {
            Some(tokens) => tokens,
            None => Arc::new(FileTokenStore::new(options.folder.join("session.json"))),
        };
        let (folder, opening) = (options.folder.clone(), network.clone());
        let keeper = blocking(move || {
            std::fs::create_dir_all(&folder).map_err(|source| ClientError::Folder { path: folder, source })?;
            Ok::<_, ClientError>(Keeper::open(opening, tokens)?)
        })
        .await?;
        let session = keeper.session();
        let remembered_offset_ms = session.as_ref().map_or(0, |session| session.server_offset_ms);
        let anchor = session.as_ref().and_then(|session| session.anchor);
        let clock = Arc::new(Clock::new(options.clock.clone(), remembered_offset_ms, anchor));
        let client = Self {
            shared: Arc::new(Shared {
                options,
                network,
                keeper: Arc::new(keeper),
                clock,
                status: Arc::new(watch::Sender::new(Status::signed_out())),
                seat: RwLock::new(None),
                moving: tokio::sync::Mutex::new(()),
                closing: Notify::new(),
            }),
        };
        if let Some(session) = session {
            let _moving = client.shared.moving.lock().await;
            match client.take_seat(&session.identity()).await {
                // It was to be deleted, and the app ended before.
                Err(ClientError::Store(StoreError::Wiping { device_id })) => {
                    wipe::go_on(&client.shared, &session.identity(), device_id).await?;
                }
                taken => taken?,
            }
        }
        Ok(client)
    }

    /// Signs in and opens the user's replica in that organization; the organization may be left out by users who have
    /// only one. Syncing goes on if it was started.
    ///
    /// # Errors
    /// [`ClientError::Closed`] when the client is closed before the server has answered.
    pub async fn sign_in(&self, email: &str, password: &str, org_id: Option<Uuid>) -> Result<Identity, ClientError> {
        let mut closing = pin!(self.shared.closing.notified());
        // Told from here on, also while another call is waited for.
        closing.as_mut().enable();
        let _moving = self.shared.moving.lock().await;
        let identity = tokio::select! {
            session = self.shared.keeper.sign_in(email, password, org_id) => session?.identity(),
            () = closing => return Err(ClientError::Closed),
        };
        let running = match self.seat() {
            Ok(seat) if seat.is_of(&identity) => {
                let renewed = identity.clone();
                seat.run(move |store| store.set_identity(&renewed)).await?;
                seat.driver.command(Command::SignedIn).await;
                return Ok(identity);
            }
            Ok(seat) => seat.running(),
            Err(_) => false,
        };
        self.leave_seat().await;
        match self.take_seat(&identity).await {
            Err(ClientError::Store(StoreError::Wiping { .. })) => {
                wipe::delete(&self.shared, &identity).await?;
                self.take_seat(&identity).await?;
            }
            taken => taken?,
        }
        if running {
            self.seat()?.start().await;
        }
        Ok(identity)
    }

    /// Forgets the session here, and on the server if it can be reached. The replica stays in the folder and is there again
    /// when the same user signs in.
    ///
    /// # Errors
    /// [`ClientError::UnsentWork`] while this phone has work that the server does not: nothing changed. Send it, export it
    /// ([`export_rescue`](Self::export_rescue)), or [keep it here](Self::sign_out_keeping_work).
    pub async fn sign_out(&self) -> Result<(), ClientError> {
        let _moving = self.shared.moving.lock().await;
        if let Ok(seat) = self.seat() {
            let queue = seat.store.queue_summary();
            let mutations = queue.unsent() + queue.held;
            if mutations > 0 {
                return Err(ClientError::UnsentWork { mutations });
            }
        }
        self.end_session().await
    }

    /// The same whatever waits: the queue stays in the folder as well, and goes on when the same user signs in again.
    pub async fn sign_out_keeping_work(&self) -> Result<(), ClientError> {
        let _moving = self.shared.moving.lock().await;
        self.end_session().await
    }

    /// While `moving` is held.
    async fn end_session(&self) -> Result<(), ClientError> {
        self.leave_seat().await;
        self.shared.status.send_replace(Status::signed_out());
        Ok(self.shared.keeper.sign_out().await?)
    }

    /// The session kept, if somebody is signed in.
    pub fn session(&self) -> Option<StoredSession> {
        self.shared.keeper.session()
    }

    /// Whose replica is open.
    pub fn identity(&self) -> Result<Identity, ClientError> {
        Ok(self.seat()?.store.identity())
    }

    /// Begins syncing.
    pub async fn start(&self) -> Result<(), ClientError> {
        self.seat()?.start().await;
        Ok(())
    }

    /// Ends syncing; work goes on locally.
    pub async fn stop(&self) -> Result<(), ClientError> {
        self.seat()?.stop().await;
        Ok(())
    }

    /// Passes on what the device says about its network. Until told otherwise, there is one.
    pub async fn set_network(&self, available: bool) -> Result<(), ClientError> {
        self.seat()?.driver.command(Command::Network(available)).await;
        Ok(())
    }

    /// Syncs until both sides agree, or until `deadline` has passed: for background tasks, which the system grants
    /// some seconds.
    pub async fn sync_once(&self, deadline: std::time::Duration) -> Result<SyncOnce, ClientError> {
        let seat = self.seat()?;
        sync_once::run(&seat, self.status(), deadline).await
    }

    /// Where syncing stands, now and whenever it changes.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.shared.status.subscribe()
    }

    /// Whether nothing is known that forbids the user to call this procedure, for greying out a button: true for all of
    /// them until the server has told. [`observe`](Self::observe) tells when the answer may have changed.
    pub fn may(&self, name: &str) -> Result<bool, ClientError> {
        Ok(self.seat()?.store.may(name))
    }

    /// Runs a mutation on the replica and queues it. What the policy forbids this user, or a rule refuses, is
    /// [`ClientError::Refused`], and nothing changed.
    pub async fn mutate<M: Mutation>(&self, mutation: &M) -> Result<Mutated, ClientError> {
        self.mutate_named(M::NAME, arguments(mutation)?).await
    }

    /// The same with name and arguments as JSON.
    pub async fn mutate_named(&self, name: &str, args: Box<RawValue>) -> Result<Mutated, ClientError> {
        let (seat, name, context) = (self.seat()?, name.to_owned(), self.shared.clock.context());
        let mutated = seat.run(move |store| store.mutate(&name, args, &context)).await?;
        self.queue_changed(&seat);
        verdict(mutated)
    }

    /// [`mutate`](Self::mutate) for threads that may block.
    pub fn mutate_blocking<M: Mutation>(&self, mutation: &M) -> Result<Mutated, ClientError> {
        let seat = self.seat()?;
        let mutated = seat.store.mutate(M::NAME, arguments(mutation)?, &self.shared.clock.context())?;
        self.queue_changed(&seat);
        verdict(mutated)
    }

    /// Runs queries off the async threads, over a reader that sees the last commit.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ClientError> {
        let seat = self.seat()?;
        blocking(move || Ok(seat.read(query)?)).await
    }

    /// [`read`](Self::read) for threads that may block.
    pub fn read_blocking<T>(&self, query: impl FnOnce(&Reader) -> Result<T, StoreError>) -> Result<T, ClientError> {
        Ok(self.seat()?.read(query)?)
    }

    /// Tells of changes to these tables (all when empty), of the queue, of readiness and of what the user may
    /// call, after commit and coalesced.
    /// Ends for the replica open now; observe again after another user signed in.
    pub fn observe(&self, tables: &[&'static Table]) -> Result<Observation, ClientError> {
        Ok(self.seat()?.store.observe(tables))
    }

    /// Mutations the server did not take, oldest first.
    pub async fn attention(&self) -> Result<Vec<Attention>, ClientError> {
        self.seat()?.run(Store::attention).await
    }

    /// The whole queue, in order.
    pub async fn queue(&self) -> Result<Vec<QueueEntry>, ClientError> {
        self.seat()?.run(Store::queue).await
    }

    /// Mutations that left the queue with a verdict, those entered last first.
    pub async fn history(&self, most: usize) -> Result<Vec<Past>, ClientError> {
        self.seat()?.run(move |store| store.history(most)).await
    }

    /// Queues a refused mutation again, under a new key, which is returned; what depends on it goes after it. An edit of
    /// a note that was refused for what it builds on is written anew, on the text as it is now.
    pub async fn retry(&self, key: Uuid) -> Result<Uuid, ClientError> {
        match self.edit_again(key).await? {
            Some(edit) => self.edit(key, arguments(&edit)?).await,
            None => self.repair(move |store| store.retry(key)).await,
        }
    }

    /// The same with other arguments, as JSON.
    pub async fn edit(&self, key: Uuid, args: Box<RawValue>) -> Result<Uuid, ClientError> {
        self.repair(move |store| store.edit(key, &args)).await
    }

    /// Takes a refused mutation off the attention list, or an unsent one out of the queue with its effects. What was
    /// held because of it is released.
    pub async fn undo(&self, key: Uuid) -> Result<(), ClientError> {
        self.repair(move |store| store.undo(key)).await
    }

    /// The same with everything that waits for it or was refused because of it.
    pub async fn undo_group(&self, key: Uuid) -> Result<(), ClientError> {
        self.repair(move |store| store.undo_group(key)).await
    }

    /// The unsent and the refused work as an encrypted file, for another device of the same user or the office. Nothing
    /// changes here.
    pub async fn export_rescue(&self, lock: Lock) -> Result<Vec<u8>, ClientError> {
        let made_at = self.shared.clock.context().occurred_at;
        self.seat()?.run(move |store| store.export_rescue(&lock, made_at)).await
    }

    /// Queues the work of a rescue bundle of the same user and organization.
    pub async fn import_rescue(&self, sealed: Vec<u8>, key: Key) -> Result<TakenIn, ClientError> {
        let seat = self.seat()?;
        let taken = seat.run(move |store| store.import_rescue(&sealed, &key)).await?;
        self.queue_changed(&seat);
        Ok(taken)
    }

    /// What was got out of a damaged replica when it was last opened, if it was damaged: tell the person, and offer to
    /// send the file at [`Salvaged::kept_at`] to support if something could not be read.
    pub fn salvaged(&self) -> Result<Option<Salvaged>, ClientError> {
        Ok(self.seat()?.salvaged.clone())
    }

    /// Makes a fresh replica with the unsent work, after [`StoreError::Corrupt`] while the replica was open. It fills
    /// again by syncing. Readers and stores handed out must be gone.
    pub async fn repair_replica(&self) -> Result<(), ClientError> {
        let _moving = self.shared.moving.lock().await;
        let seat = self.seat()?;
        let (identity, running, path) = (seat.store.identity(), seat.running(), seat.path.clone());
        drop(seat);
        self.leave_seat().await;
        self.open_seat(path, &identity, true).await?;
        if running {
            self.seat()?.start().await;
        }
        Ok(())
    }

    /// Whether everything the technician's visits between two moments need is on this phone, and as of when: to be asked
    /// for tomorrow before leaving the network. Visits planned more than 14 days ahead are not sent to phones.
    pub async fn day(&self, from: Timestamp, until: Timestamp) -> Result<DayOnPhone, ClientError> {
        let seat = self.seat()?;
        let (identity, as_of) = (seat.store.identity(), self.shared.status.borrow().last_synced_at);
        blocking(move || {
            // Before the rows: what leaves meanwhile is then missing, and not taken for complete.
            let (readiness, scopes) = (seat.store.readiness(), seat.store.held_scopes().into_iter().collect());
            let visits = match identity.technician_id {
                Some(technician) => seat.read(|reader| {
                    day::Replica { reader, scopes, org_id: identity.org_id }.visits(technician, from, until)
                })?,
                None => Vec::new(),
            };
            Ok(DayOnPhone { as_of, readiness, visits })
        })
        .await
    }

    /// How far the work has come that is about any of these rows, such as a visit.
    pub async fn receipts(&self, roots: Vec<Uuid>) -> Result<Receipts, ClientError> {
        self.seat()?.run(move |store| store.receipts(&roots)).await
    }

    /// How things stand, for support: a report to send over a separate path or to export as JSON. It holds no row
    /// contents, arguments, names or tokens. Works with nobody signed in, too.
    pub async fn diagnostics(&self) -> Result<Diagnostics, ClientError> {
        diagnostics::take(&self.shared, self.seat().ok()).await
    }

    /// The open store, for what this surface does not offer.
    pub fn store(&self) -> Result<Store, ClientError> {
        Ok(self.seat()?.store.clone())
    }

    /// The file of the open replica.
    pub fn replica_path(&self) -> Result<PathBuf, ClientError> {
        Ok(self.seat()?.path.clone())
    }

    /// Ends syncing and lets go of the files once readers and clones of the store are gone. The session stays.
    pub async fn close(&self) {
        self.shared.closing.notify_waiters();
        let _moving = self.shared.moving.lock().await;
        self.leave_seat().await;
    }

    /// Hands a refused mutation to the office, with a note, and those that were refused because of it.
    pub async fn hand_over(&self, key: Uuid, note: Option<String>) -> Result<(), ClientError> {
        let context = self.shared.clock.context();
        self.repair(move |store| store.hand_over(key, note.as_deref(), &context)).await
    }

    async fn repair<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ClientError> {
        let seat = self.seat()?;
        let value = seat.run(work).await?;
        self.queue_changed(&seat);
        Ok(value)
    }

    /// Shows the queue as it is now, before anybody looks, and wakes the driver.
    fn queue_changed(&self, seat: &Seat) {
        let queue = seat.store.queue_summary();
        self.shared.status.send_if_modified(|status| std::mem::replace(&mut status.queue, queue) != queue);
        seat.driver.queue_grew();
    }

    fn seat(&self) -> Result<Arc<Seat>, ClientError> {
        let seat = self.shared.seat.read().unwrap_or_else(PoisonError::into_inner);
        seat.clone().ok_or(ClientError::NotSignedIn)
    }

    async fn take_seat(&self, identity: &Identity) -> Result<(), ClientError> {
        let path = replica_path(&self.shared.options.folder, identity);
        self.open_seat(path, identity, false).await
    }

    async fn open_seat(&self, path: PathBuf, identity: &Identity, damaged: bool) -> Result<(), ClientError> {
        let shared = &self.shared;
        let seat = Arc::new(Seat::open(path, identity, damaged, shared).await?);
        wipe::watch(shared, &seat);
        *shared.seat.write().unwrap_or_else(PoisonError::into_inner) = Some(seat);
        Ok(())
    }

    async fn leave_seat(&self) {
        let seat = self.shared.seat.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(seat) = seat {
            seat.close().await;
        }
    }
}

/// One file per user and organization.
fn replica_path(folder: &Path, identity: &Identity) -> PathBuf {
    folder.join(format!("{}-{}.sqlite", identity.org_id, identity.user_id))
}

fn arguments<M: Mutation>(mutation: &M) -> Result<Box<RawValue>, ClientError> {
    serde_json::value::to_raw_value(mutation).map_err(|_| ClientError::Arguments { name: M::NAME })
}

fn verdict(mutated: store::Mutated) -> Result<Mutated, ClientError> {
    match mutated {
        store::Mutated::Queued { key, output } => Ok(Mutated { key, output }),
        store::Mutated::Refused(rejection) => Err(ClientError::Refused(rejection)),
    }
}

/// Runs what blocks off the async threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ClientError> + Send + 'static,
) -> Result<T, ClientError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
