//! One user's place in one organization: an open replica and the driver that syncs it.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{ClientError, Shared, blocking};
use crate::{
    driver::{Command, Handle, Parts},
    error::StoreError,
    reader::Reader,
    store::{Identity, Salvaged, Store},
};

/// Readers kept open; more are made when more are asked for at once.
const READERS: usize = 4;

/// See the module.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) path: PathBuf,
    pub(super) store: Store,
    pub(super) driver: Handle,
    /// What was got out of a damaged file when this one was opened.
    pub(super) salvaged: Option<Salvaged>,
    readers: Mutex<Vec<Reader>>,
    running: AtomicBool,
}

impl Seat {
    /// Opens the replica; one that is `damaged`, as is known or turns out, is replaced by a fresh one with its work.
    pub(super) async fn open(
        path: PathBuf,
        identity: &Identity,
        damaged: bool,
        shared: &Arc<Shared>,
    ) -> Result<Self, ClientError> {
        let (file, registry, options) = (path.clone(), shared.options.registry, shared.options.store.clone());
        let identity = identity.clone();
        let (store, salvaged) = blocking(move || {
            let opened = if damaged {
                Err(None)
            } else {
                Store::open(&file, registry, &identity, options.clone()).map_err(Some)
            };
            match opened {
                Ok(store) => Ok((store, None)),
                // Nobody has to notice, let alone decide: the damaged file stays, the work goes on.
                Err(None | Some(StoreError::Corrupt { .. })) => {
                    let (store, salvaged) = Store::salvage(&file, registry, &identity, options)?;
                    Ok((store, Some(salvaged)))
                }
                Err(Some(error)) => Err(error.into()),
            }
        })
        .await?;
        let parts = Parts {
            store: store.clone(),
            network: shared.network.clone(),
            keeper: shared.keeper.clone(),
            clock: shared.clock.clone(),
            limits: shared.options.limits,
        };
        let driver = Handle::spawn(parts, shared.status.clone());
        Ok(Self { path, store, driver, salvaged, readers: Mutex::default(), running: AtomicBool::new(false) })
    }

    pub(super) fn is_of(&self, identity: &Identity) -> bool {
        let own = self.store.identity();
        (own.org_id, own.user_id) == (identity.org_id, identity.user_id)
    }

    pub(super) fn running(&self) -> bool {
        self.running.load(Ordering::Relaxed)
    }

    pub(super) async fn start(&self) {
        self.running.store(true, Ordering::Relaxed);
        self.driver.command(Command::Start).await;
    }

    pub(super) async fn stop(&self) {
        self.running.store(false, Ordering::Relaxed);
        self.driver.command(Command::Stop).await;
        // What is in the log now is all there will be for a while.
        if let Err(error) = self.run(Store::checkpoint).await {
            tracing::debug!(%error, "the replica was not checkpointed; the next run does it");
        }
    }

    pub(super) async fn close(&self) {
        self.driver.close().await;
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Uses the store off the async threads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ClientError> {
        let store = self.store.clone();
        blocking(move || Ok(work(&store)?)).await
    }

    pub(super) fn read<T>(&self, query: impl FnOnce(&Reader) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match kept {
            Some(reader) => reader,
            None => self.store.reader()?,
        };
        let result = query(&reader);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(reader);
        }
        result
    }
}
