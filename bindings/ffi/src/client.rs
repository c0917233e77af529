//! The client as an object of Kotlin and Swift.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use satchel_client::{Client, ClientOptions, FileKey, KEY_BYTES};
use satchel_domain::REGISTRY;
use satchel_protocol::{Table, limits::ARGS_BYTES};
use serde_json::value::RawValue;
use tokio_util::task::TaskTracker;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    diagnostics,
    error::SatchelError,
    guard::{guarded, guarded_now, record_panics},
    observers::{ChangeObserver, StatusObserver, Subscription, Subscriptions},
    rows,
    session_store::{Keystore, SessionStore},
    types::{
        Attention, Cell, DayOnPhone, Difference, Identity, Mutated, OpenOptions, Past, QueueEntry, Receipts, Report,
        RescueKey, RescueLock, Status, SyncOutcome, TakenIn, timestamp,
    },
};

/// Longest bounded sync, in milliseconds: beyond it a background task should ask again.
const SYNC_ONCE_MAX_MS: u64 = 10 * 60 * 1_000;
/// Mutations told of the past.
pub const HISTORY: usize = 500;

/// An app's replica and queue. One for each folder; use it from any thread.
#[derive(Debug, uniffi::Object)]
pub struct SatchelClient {
    client: Client,
    subscriptions: Arc<Subscriptions>,
    /// Those under way hold the files.
    calls: TaskTracker,
}

#[uniffi::export(async_runtime = "tokio")]
impl SatchelClient {
    /// Opens the app's folder, with the replica of whoever is signed in; also without a network. Syncing begins with
    /// [`start`](Self::start). With a `file_key` of 32 random bytes from the keystore, replicas are encrypted: in builds with
    /// the feature `encrypted`.
    #[uniffi::constructor]
    pub async fn open(
        options: OpenOptions,
        session_store: Option<Arc<dyn SessionStore>>,
        file_key: Option<Vec<u8>>,
    ) -> Result<Arc<Self>, SatchelError> {
        diagnostics::listen();
        record_panics();
        let file_key = file_key.map(key_of).transpose()?;
        guarded(async move {
            let mut chosen = ClientOptions::new(options.folder, options.server_url, &REGISTRY);
            chosen.store.install_nonce = options.install_nonce;
            chosen.store.max_file_bytes = options.max_file_bytes;
            chosen.store.key = file_key;
            if let Some(store) = session_store {
                chosen.token_store = Some(Arc::new(Keystore(store)));
            }
            let client = Client::open(chosen).await?;
            Ok(Arc::new(Self { client, subscriptions: Arc::new(Subscriptions::new()), calls: TaskTracker::new() }))
        })
        .await
    }

    /// Signs in and opens the user's replica in that organization; the organization may be left out by users who have
    /// only one. To switch to another organization, sign in to it: the queue of the one before is kept.
    pub async fn sign_in(
        &self,
        email: String,
        password: String,
        org_id: Option<Uuid>,
    ) -> Result<Identity, SatchelError> {
        let subscriptions = self.subscriptions.clone();
        self.run(|client| async move {
            let identity = client.sign_in(&email, &password, org_id).await;
            subscriptions.replica_changed();
            Ok(identity?.into())
        })
        .await
    }

    /// Forgets the session, unless work waits to be sent: `UnsentWork`. The replica stays in the folder for the same
    /// user's next sign-in.
    pub async fn sign_out(&self) -> Result<(), SatchelError> {
        let subscriptions = self.subscriptions.clone();
        self.run(|client| async move {
            let signed_out = client.sign_out().await;
            subscriptions.replica_changed();
            Ok(signed_out?)
        })
        .await
    }

    /// The same whatever waits: the queue stays in the folder as well.
    pub async fn sign_out_keeping_work(&self) -> Result<(), SatchelError> {
        let subscriptions = self.subscriptions.clone();
        self.run(|client| async move {
            let signed_out = client.sign_out_keeping_work().await;
            subscriptions.replica_changed();
            Ok(signed_out?)
        })
        .await
    }

    /// Whose replica is open, if one is.
    pub fn identity(&self) -> Result<Option<Identity>, SatchelError> {
        guarded_now(|| Ok(self.open_client()?.identity().ok().map(Identity::from)))
    }

    /// Begins syncing.
    pub async fn start(&self) -> Result<(), SatchelError> {
        self.run(|client| async move { Ok(client.start().await?) }).await
    }

    /// Ends syncing; work goes on locally.
    pub async fn stop(&self) -> Result<(), SatchelError> {
        self.run(|client| async move { Ok(client.stop().await?) }).await
    }

    /// Passes on what the device says about its network. Until told otherwise, there is one.
    pub async fn set_network(&self, available: bool) -> Result<(), SatchelError> {
        self.run(|client| async move { Ok(client.set_network(available).await?) }).await
    }

    /// Syncs until both sides agree, it is clear that they will not, or `deadline_ms` milliseconds have passed, at most
    /// ten minutes: for background tasks.
    pub async fn sync_once(&self, deadline_ms: u64) -> Result<SyncOutcome, SatchelError> {
        let deadline = Duration::from_millis(deadline_ms.min(SYNC_ONCE_MAX_MS));
        let subscriptions = self.subscriptions.clone();
        self.run(|client| async move {
            tokio::select! {
                // Without a driver it would wait for nothing.
                () = subscriptions.closed() => Err(SatchelError::Closed),
                outcome = client.sync_once(deadline) => Ok(outcome?.into()),
            }
        })
        .await
    }

    /// Where syncing stands.
    pub fn status(&self) -> Result<Status, SatchelError> {
        guarded_now(|| Ok(Status::from(&*self.open_client()?.status().borrow())))
    }

    /// Runs a mutation on the replica and queues it: durable, and its effects visible, on return. Names and arguments
    /// come from the generated code.
    pub async fn mutate(&self, name: String, args_json: String) -> Result<Mutated, SatchelError> {
        let args = arguments(args_json)?;
        self.run(|client| async move { Ok(client.mutate_named(&name, args).await?.into()) }).await
    }

    /// The rows of a table that satisfy `condition`, the SQL after `where` (it may go on with `order by` and `limit`),
    /// with `?1`, `?2`, ... standing for `parameters`; cells in the registry's column order.
    pub async fn rows(
        &self,
        table: String,
        condition: String,
        parameters: Vec<Cell>,
    ) -> Result<Vec<Vec<Cell>>, SatchelError> {
        self.query(rows::statement(&REGISTRY, &table, &condition)?, parameters).await
    }

    /// Any query: joins, counts, sums. It may only read.
    pub async fn sql(&self, query: String, parameters: Vec<Cell>) -> Result<Vec<Vec<Cell>>, SatchelError> {
        self.query(query, parameters).await
    }

    /// The whole queue, in order.
    pub async fn queue(&self) -> Result<Vec<QueueEntry>, SatchelError> {
        self.run(|client| async move { Ok(client.queue().await?.into_iter().map(QueueEntry::from).collect()) }).await
    }

    /// Mutations the server did not take, oldest first.
    pub async fn attention(&self) -> Result<Vec<Attention>, SatchelError> {
        self.run(|client| async move { Ok(client.attention().await?.into_iter().map(Attention::from).collect()) }).await
    }

    /// Mutations that left the queue with a verdict, those entered last first; at most [`HISTORY`].
    pub async fn history(&self) -> Result<Vec<Past>, SatchelError> {
        self.run(|client| async move { Ok(client.history(HISTORY).await?.into_iter().map(Past::from).collect()) }).await
    }

    /// Whether nothing is known that forbids the user to call this procedure, for greying out a button: true for all of
    /// them until the server has told.
    pub fn may(&self, name: String) -> Result<bool, SatchelError> {
        guarded_now(|| Ok(self.open_client()?.may(&name)?))
    }

    /// Queues a refused mutation again, under a new key, which is returned; what depends on it goes after it. An edit of
    /// a note is written anew on the text as it is now, where that is what it needs.
    pub async fn retry(&self, key: Uuid) -> Result<Uuid, SatchelError> {
        self.run(|client| async move { Ok(client.retry(key).await?) }).await
    }

    /// The same with other arguments.
    pub async fn edit(&self, key: Uuid, args_json: String) -> Result<Uuid, SatchelError> {
        let args = arguments(args_json)?;
        self.run(|client| async move { Ok(client.edit(key, args).await?) }).await
    }

    /// Takes a refused mutation off the attention list, or an unsent one out of the queue with its effects. What was
    /// held because of it is released.
    pub async fn undo(&self, key: Uuid) -> Result<(), SatchelError> {
        self.run(|client| async move { Ok(client.undo(key).await?) }).await
    }

    /// The same with everything that waits for it or was refused because of it.
    pub async fn undo_group(&self, key: Uuid) -> Result<(), SatchelError> {
        self.run(|client| async move { Ok(client.undo_group(key).await?) }).await
    }

    /// Hands a refused mutation to the office, with a note, and those that were refused because of it. It stays on the
    /// attention list, `with_office`, until a supervisor has decided; the decision stands in the history.
    #[uniffi::method(default(note = None))]
    pub async fn hand_over(&self, key: Uuid, note: Option<String>) -> Result<(), SatchelError> {
        self.run(|client| async move { Ok(client.hand_over(key, note).await?) }).await
    }

    /// How far the work has come that is about any of these rows, such as a visit or its job.
    pub async fn receipts(&self, roots: Vec<Uuid>) -> Result<Receipts, SatchelError> {
        self.run(|client| async move { Ok(client.receipts(roots).await?.into()) }).await
    }

    /// Whether everything the technician's visits between two moments need is on this phone, and as of when: to be asked
    /// for tomorrow before leaving the network. Visits planned more than 14 days ahead are not sent to phones.
    pub async fn day(&self, from: SystemTime, until: SystemTime) -> Result<DayOnPhone, SatchelError> {
        let (from, until) = (timestamp(from), timestamp(until));
        self.run(|client| async move { Ok(client.day(from, until).await?.into()) }).await
    }

    /// The unsent and the refused work as an encrypted file, for another device of the same user or the office. Nothing
    /// changes here. With a passphrase it takes about half a second, on purpose.
    pub async fn export_rescue(&self, lock: RescueLock) -> Result<Vec<u8>, SatchelError> {
        self.run(|client| async move { Ok(client.export_rescue(lock.into()).await?) }).await
    }

    /// Queues the work of a rescue bundle of the same user and organization; a second time adds nothing.
    pub async fn import_rescue(&self, sealed: Vec<u8>, key: RescueKey) -> Result<TakenIn, SatchelError> {
        self.run(|client| async move { Ok(client.import_rescue(sealed, key.into()).await?.into()) }).await
    }

    /// How things stand, for support; also with nobody signed in.
    pub async fn report(&self) -> Result<Report, SatchelError> {
        self.run(|client| async move { client.diagnostics().await?.try_into() }).await
    }

    /// Tells of changes to these tables (all when empty), of the queue, of readiness and of permissions, after commit and
    /// coalesced, also after other people signed in.
    pub fn observe(
        &self,
        tables: Vec<String>,
        observer: Arc<dyn ChangeObserver>,
    ) -> Result<Arc<Subscription>, SatchelError> {
        guarded_now(|| {
            let known: Option<Vec<&'static Table>> = tables.iter().map(|name| REGISTRY.table(name)).collect();
            let tables = known.ok_or_else(|| SatchelError::invalid("there is no such table"))?;
            Ok(self.subscriptions.changes(self.open_client()?.clone(), tables, observer))
        })
    }

    /// Tells the status now and whenever it changes.
    pub fn observe_status(&self, observer: Arc<dyn StatusObserver>) -> Result<Arc<Subscription>, SatchelError> {
        guarded_now(|| Ok(self.subscriptions.status(self.open_client()?.status(), observer)))
    }

    /// Recomputes every checksum from the rows; what is returned differs. Empty is good.
    pub async fn verify(&self) -> Result<Vec<Difference>, SatchelError> {
        self.run(|client| async move {
            let store = client.store()?;
            let differences = blocking(move || Ok(store.verify_local()?)).await?;
            Ok(differences.into_iter().map(Difference::from).collect())
        })
        .await
    }

    /// Moves what was written lately into the main file; for idle moments and before the app is suspended.
    pub async fn checkpoint(&self) -> Result<(), SatchelError> {
        self.run(|client| async move {
            let store = client.store()?;
            blocking(move || Ok(store.checkpoint()?)).await
        })
        .await
    }

    /// Ends syncing and every subscription and lets go of the files. The session stays. A second time does nothing; any
    /// other call after this is `Closed`.
    pub async fn shut_down(&self) -> Result<(), SatchelError> {
        let (client, subscriptions, calls) = (self.client.clone(), self.subscriptions.clone(), self.calls.clone());
        guarded(async move {
            subscriptions.close();
            client.close().await;
            // As soon as the calls under way have.
            calls.close();
            calls.wait().await;
            Ok(())
        })
        .await
    }
}

impl SatchelClient {
    fn open_client(&self) -> Result<&Client, SatchelError> {
        if self.subscriptions.is_closed() { Err(SatchelError::Closed) } else { Ok(&self.client) }
    }

    pub(crate) async fn run<T, F>(&self, call: impl FnOnce(Client) -> F) -> Result<T, SatchelError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, SatchelError>> + Send + 'static,
    {
        // Counted before it is asked whether the client is open: closing overlooks none.
        let counted = self.calls.token();
        let (call, subscriptions) = (call(self.open_client()?.clone()), self.subscriptions.clone());
        guarded(async move {
            let _counted = counted;
            // Closed before it began: nobody would tell it any more.
            if subscriptions.is_closed() { Err(SatchelError::Closed) } else { call.await }
        })
        .await
    }

    async fn query(&self, statement: String, parameters: Vec<Cell>) -> Result<Vec<Vec<Cell>>, SatchelError> {
        let parameters: Vec<_> = parameters.into_iter().map(Into::into).collect();
        self.run(|client| async move {
            rows::cells(client.read(move |reader| rows::run(reader, &statement, &parameters)).await?)
        })
        .await
    }
}

impl Drop for SatchelClient {
    fn drop(&mut self) {
        self.subscriptions.close();
    }
}

/// A key of replica files, from bytes that are overwritten here.
fn key_of(bytes: Vec<u8>) -> Result<FileKey, SatchelError> {
    let bytes = Zeroizing::new(bytes);
    let key = <[u8; KEY_BYTES]>::try_from(bytes.as_slice());
    let key = key.map_err(|_| SatchelError::invalid(format!("a key has {KEY_BYTES} bytes, not {}", bytes.len())))?;
    Ok(FileKey::new(key))
}

/// Arguments, bounded before anything is parsed.
fn arguments(args_json: String) -> Result<Box<RawValue>, SatchelError> {
    if args_json.len() > ARGS_BYTES {
        let (size, limit) = (args_json.len() as u64, ARGS_BYTES as u64);
        return Err(SatchelError::TooLarge { size, limit, unit: "bytes".to_owned() });
    }
    RawValue::from_string(args_json).map_err(|_| SatchelError::invalid("arguments are not JSON"))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SatchelError> + Send + 'static,
) -> Result<T, SatchelError> {
    let done = tokio::task::spawn_blocking(move || guarded_now(work)).await;
    done.unwrap_or_else(|_| Err(SatchelError::Internal { explanation: "the work was given up".to_owned() }))
}
