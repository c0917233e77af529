//! What the engine asks for that takes time: each a task that reports once.

use std::{future::Future, sync::Arc};

use satchel_protocol::wire::PullRequest;
use tokio::{sync::mpsc, task::JoinHandle};

use super::Parts;
use crate::{
    engine::{Event, Failure, LinkId, PullMode, Transport},
    error::StoreError,
    session::{Keeper, Noted},
    store::{Identity, Store},
    transport::{self, Channel, Opening},
    work::{StoreWork, local, pull_request},
};

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

    /// Does something with the store.
    pub(super) fn work(&self, work: StoreWork) {
        let (store, report) = (self.parts.store.clone(), self.report.clone());
        self.store_jobs.spawn_blocking(move || {
            // A panic in there must not leave the engine waiting for ever.
            let event = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work.run(&store)));
            let event = event.unwrap_or_else(|_| work.fails(fault()));
            drop(store);
            let _ = report.blocking_send(Done::Event(event));
        });
    }

    pub(super) fn refresh_token(&self) {
        let (keeper, store) = (self.parts.keeper.clone(), self.parts.store.clone());
        self.job(async move { Event::TokenRefreshed(refresh(&keeper, store).await) });
    }

    pub(super) fn note(&self, noted: Noted) {
        let keeper = self.parts.keeper.clone();
        self.store_jobs.spawn_blocking(move || keeper.note(noted));
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

fn fault() -> Failure {
    Failure::later("Something went wrong inside the app's storage.")
}
