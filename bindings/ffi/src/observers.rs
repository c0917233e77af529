//! Subscriptions: calling the app after commits, coalesced.
//!
//! Invariants: one call of an observer at a time; while it runs, changes are merged for the next call; after a
//! cancellation no call begins. Whatever an observer throws is an entry in the diagnostics and ends nothing.

use std::sync::Arc;

use satchel_client::{Client, Status as CoreStatus};
use satchel_protocol::Table;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    diagnostics::{self, Severity},
    types::{Changes, Status},
};

/// Hears of changes, on a thread of its own.
#[uniffi::export(with_foreign)]
pub trait ChangeObserver: Send + Sync {
    /// Something changed and is committed.
    fn changed(&self, changes: Changes) -> Result<(), ObserverError>;
}

/// Hears of the status, on a thread of its own.
#[uniffi::export(with_foreign)]
pub trait StatusObserver: Send + Sync {
    /// The status as it is now.
    fn status_changed(&self, status: Status) -> Result<(), ObserverError>;
}

/// An observer failed.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum ObserverError {
    /// It threw something.
    #[error("an observer threw something")]
    Threw,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ObserverError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // What was thrown may quote data.
        Self::Threw
    }
}

/// A subscription; ends when cancelled, when dropped, or with its client.
#[derive(Debug, uniffi::Object)]
pub struct Subscription {
    cancelled: CancellationToken,
}

#[uniffi::export]
impl Subscription {
    /// Ends it, from any thread and from inside the observer; a second time does nothing. A call under way ends by
    /// itself; none begins after this.
    pub fn cancel(&self) {
        self.cancelled.cancel();
    }

    /// Whether it has ended.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.is_cancelled()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.cancelled.cancel();
    }
}

impl Subscription {
    fn new(cancelled: &CancellationToken) -> Arc<Self> {
        Arc::new(Self { cancelled: cancelled.clone() })
    }
}

/// What subscriptions of a client share.
#[derive(Debug)]
pub(crate) struct Subscriptions {
    /// Where they run.
    runtime: tokio::runtime::Handle,
    /// Cancelled when the client closes.
    closed: CancellationToken,
    /// Counts replicas opened and closed.
    replicas: watch::Sender<u64>,
}

impl Subscriptions {
    /// On the current runtime.
    pub(crate) fn new() -> Self {
        Self {
            runtime: tokio::runtime::Handle::current(),
            closed: CancellationToken::new(),
            replicas: watch::Sender::new(0),
        }
    }

    /// Another replica was opened, or none is open.
    pub(crate) fn replica_changed(&self) {
        self.replicas.send_modify(|count| *count += 1);
    }

    /// Ends all.
    pub(crate) fn close(&self) {
        self.closed.cancel();
    }

    /// Waits for that.
    pub(crate) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.is_cancelled()
    }

    /// Tells of changes to `tables`, across sign-ins.
    pub(crate) fn changes(
        &self,
        client: Client,
        tables: Vec<&'static Table>,
        observer: Arc<dyn ChangeObserver>,
    ) -> Arc<Subscription> {
        let cancelled = self.closed.child_token();
        let (ended, mut replicas) = (cancelled.clone(), self.replicas.subscribe());
        // Observed before this returns, so that nothing the caller does next is missed.
        let mut observation = client.observe(&tables).ok();
        self.runtime.spawn(async move {
            loop {
                let changes = tokio::select! {
                    () = ended.cancelled() => break,
                    told = replicas.changed() => {
                        if told.is_err() {
                            break;
                        }
                        observation = client.observe(&tables).ok();
                        Changes { replica: true, ..Changes::default() }
                    }
                    changes = async {
                        match &observation {
                            Some(observation) => observation.changed().await,
                            None => std::future::pending().await,
                        }
                    } => changes.into(),
                };
                let observer = observer.clone();
                deliver(&ended, move || observer.changed(changes)).await;
            }
        });
        Subscription::new(&cancelled)
    }

    /// Tells the status now, and whenever it changes.
    pub(crate) fn status(
        &self,
        mut status: watch::Receiver<CoreStatus>,
        observer: Arc<dyn StatusObserver>,
    ) -> Arc<Subscription> {
        let cancelled = self.closed.child_token();
        let ended = cancelled.clone();
        status.mark_changed();
        self.runtime.spawn(async move {
            loop {
                let told = tokio::select! {
                    () = ended.cancelled() => break,
                    told = status.changed() => told,
                };
                if told.is_err() {
                    break;
                }
                let (observer, now) = (observer.clone(), Status::from(&*status.borrow_and_update()));
                deliver(&ended, move || observer.status_changed(now)).await;
            }
        });
        Subscription::new(&cancelled)
    }
}

/// Calls the app off the async threads.
async fn deliver(cancelled: &CancellationToken, call: impl FnOnce() -> Result<(), ObserverError> + Send + 'static) {
    let cancelled = cancelled.clone();
    let called = tokio::task::spawn_blocking(move || if cancelled.is_cancelled() { Ok(()) } else { call() });
    if !matches!(called.await, Ok(Ok(()))) {
        diagnostics::record(Severity::Error, "observer", "an observer of the app threw something".to_owned());
    }
}
