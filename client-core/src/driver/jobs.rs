//! What the engine asks for that takes time: each a task that reports once.

use std::{future::Future, sync::Arc};

use satchel_protocol::{
    ErrorCode, PROTOCOL_VERSION, Rejection,
    wire::{PullRequest, PushRequest, PushResponse},
};
use tokio::{sync::mpsc, task::JoinHandle};
use uuid::Uuid;

use super::Parts;
use crate::{
    engine::{Applied, Event, Failure, LinkId, PageText, PullMode, Stored, Transport},
    error::StoreError,
    session::Keeper,
    store::{Identity, Readiness, Store},
    transport::{self, Channel, Opening},
};

/// Bytes of arguments and contexts in one push, well below what a server takes.
const PUSH_BYTES: usize = satchel_protocol::limits::BODY_BYTES / 4;

/// A job reports.
pub(super) enum Done {
    Event(Event),
    Opened(LinkId, Channel),
    Pull(LinkId, Box<PullRequest>),
}

/// Starts jobs.
pub(super) struct Jobs {
    parts: Parts,
    report: mpsc::Sender<Done>,
    opening: Option<(LinkId, JoinHandle<()>)>,
    store_jobs: tokio_util::task::TaskTracker,
}

impl Jobs {
    pub(super) fn new(parts: Parts, report: mpsc::Sender<Done>) -> Self {
        Self { parts, report, opening: None, store_jobs: tokio_util::task::TaskTracker::new() }
    }

    /// Waits for those that use the store.
    pub(super) async fn finish(&mut self) {
        if let Some((_, task)) = self.opening.take() {
            task.abort();
        }
        self.store_jobs.close();
        self.store_jobs.wait().await;
    }

    pub(super) fn opening(&self) -> Option<LinkId> {
        self.opening.as_ref().map(|(link, _)| *link)
    }

    pub(super) fn opened(&mut self) {
        self.opening = None;
    }

    pub(super) fn give_up(&mut self, link: LinkId) {
        if self.opening() == Some(link)
            && let Some((_, task)) = self.opening.take()
        {
            task.abort();
        }
    }

    pub(super) fn connect(&mut self, link: LinkId, transport: Transport, mode: PullMode) {
        let (parts, report) = (self.parts.clone(), self.report.clone());
        let task = tokio::spawn(async move {
            let done = match open(&parts, transport, mode).await {
                Ok(channel) => Done::Opened(link, channel),
                Err(failure) => Done::Event(Event::ConnectFailed(link, failure)),
            };
            let _ = report.send(done).await;
        });
        self.opening = Some((link, task));
    }

    pub(super) fn pull(&self, link: LinkId, mode: PullMode) {
        let (store, report) = (self.parts.store.clone(), self.report.clone());
        self.store_jobs.spawn(async move {
            let done = match blocking(store, move |store| pull_request(store, mode)).await {
                Ok(request) => Done::Pull(link, Box::new(request)),
                Err(failure) => Done::Event(Event::Closed(link, failure)),
            };
            let _ = report.send(done).await;
        });
    }

    pub(super) fn load_batch(&self, most: usize) {
        let work = move |store: &Store| {
            let mutations = store.next_batch(most, PUSH_BYTES)?;
            let device_id = store.device_id();
            Ok((!mutations.is_empty()).then_some(PushRequest { protocol: PROTOCOL_VERSION, device_id, mutations }))
        };
        self.store_job(work, Event::BatchLoaded);
    }

    pub(super) fn store_verdicts(&self, response: PushResponse) {
        let work = move |store: &Store| {
            let pushed = store.apply_push(&response)?;
            Ok(Stored { cloned: pushed.cloned, awaiting: store.queue_summary().accepted })
        };
        self.store_job(work, Event::VerdictsStored);
    }

    pub(super) fn apply_page(&self, page: PageText) {
        let work = move |store: &Store| {
            let applied = store.apply_page(&page.0)?;
            Ok(Applied {
                complete: applied.complete,
                cloned: applied.cloned,
                differs: applied.mismatch,
                unverified: applied.complete && applied.readiness != Readiness::Ready,
                refed: applied.refed + applied.released > 0,
                awaiting: store.queue_summary().accepted,
            })
        };
        self.store_job(work, Event::PageApplied);
    }

    pub(super) fn forget_cursor(&self) {
        self.store_job(Store::forget_cursor, Event::CursorForgotten);
    }

    pub(super) fn renew_device(&self) {
        self.store_job(|store| store.renew_device_id().map(drop), Event::QueueMended);
    }

    pub(super) fn renumber(&self, expected_seq: u64) {
        let work = move |store: &Store| Ok(store.renumber_from(expected_seq)?.cloned);
        self.store_job(work, |result| {
            Event::QueueMended(result.and_then(|cloned| if cloned { Err(cloned_device()) } else { Ok(()) }))
        });
    }

    pub(super) fn isolate(&self, key: Uuid, failure: &Failure) {
        let code = failure.code.unwrap_or(ErrorCode::BadRequest);
        let why = Rejection::new(code, "push.refused", failure.message.clone());
        let work = move |store: &Store| match store.set_aside(key, why) {
            // Undone by its author meanwhile: it spoils no batch any more.
            Err(StoreError::NotQueued { .. }) => Ok(()),
            result => result,
        };
        self.store_job(work, Event::QueueMended);
    }

    pub(super) fn refresh_token(&self) {
        let (keeper, store) = (self.parts.keeper.clone(), self.parts.store.clone());
        self.job(async move { Event::TokenRefreshed(refresh(&keeper, store).await) });
    }

    pub(super) fn note(&self, offset_ms: i64, last_synced_ms: Option<i64>) {
        let keeper = self.parts.keeper.clone();
        self.store_jobs.spawn_blocking(move || keeper.note(offset_ms, last_synced_ms));
    }

    fn store_job<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
        event: fn(Result<T, Failure>) -> Event,
    ) {
        let (store, report) = (self.parts.store.clone(), self.report.clone());
        self.store_jobs.spawn_blocking(move || {
            // A panic in there must not leave the engine waiting for ever.
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&store)));
            let result = result.map_or_else(|_| Err(fault()), |result| result.map_err(|error| local(&error)));
            drop(store);
            let _ = report.blocking_send(Done::Event(event(result)));
        });
    }

    fn job(&self, work: impl Future<Output = Event> + Send + 'static) {
        let report = self.report.clone();
        self.store_jobs.spawn(async move {
            let event = work.await;
            let _ = report.send(Done::Event(event)).await;
        });
    }
}

async fn open(parts: &Parts, transport: Transport, mode: PullMode) -> Result<Channel, Failure> {
    let token = parts.keeper.bearer(parts.store.identity().user_id)?;
    let pull = blocking(parts.store.clone(), move |store| pull_request(store, mode)).await?;
    let org_id = parts.store.identity().org_id;
    transport::open(&parts.network, transport, Opening { token, org_id, pull }).await
}

fn pull_request(store: &Store, mode: PullMode) -> Result<PullRequest, StoreError> {
    if mode.list_scopes { store.pull_request_with_ids() } else { store.pull_request() }
}

async fn refresh(keeper: &Arc<Keeper>, store: Store) -> Result<(), Failure> {
    let session = keeper.refresh().await?;
    let identity: Identity = session.identity();
    if store.identity() != identity {
        blocking(store, move |store| store.set_identity(&identity)).await?;
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(
    store: Store,
    work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(move || work(&store)).await {
        Ok(result) => result.map_err(|error| local(&error)),
        Err(_) => Err(fault()),
    }
}

/// A failure of this phone's own storage. Pages that make no sense come from the other side, yet asking again at once
/// would bring the same.
fn local(error: &StoreError) -> Failure {
    Failure::later(error.to_string())
}

/// The engine renews the device id: only it knows when no page is being applied.
fn cloned_device() -> Failure {
    let failure = Failure::later("Another phone uses this device id.");
    Failure { code: Some(ErrorCode::DeviceCloned), ..failure }
}

fn fault() -> Failure {
    Failure::later("Something went wrong inside the app's storage.")
}
