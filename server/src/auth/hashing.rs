//! Hashing off the async threads, a few at a time, and the same work whether or not there is anything to compare with.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::sync::Semaphore;
use uuid::Uuid;

use super::password::{self, Cost, PasswordError};
use crate::error::ApiError;

/// Hashes made at once; each takes 19 MiB and a core.
const HASHES_AT_ONCE: usize = 4;
/// Seconds until it is one's turn.
const HASH_WAIT_MAX_S: u64 = 10;

/// Makes and compares hashes. Cheap to clone.
#[derive(Clone)]
pub(super) struct Hashing {
    turns: Arc<Semaphore>,
    decoy: Arc<OnceLock<String>>,
}

impl Hashing {
    pub(super) fn new() -> Self {
        Self { turns: Arc::new(Semaphore::new(HASHES_AT_ONCE)), decoy: Arc::default() }
    }

    /// Whether `secret` is the one that was hashed; without a stored hash, compares with one that nothing fits.
    pub(super) async fn verify(&self, secret: String, stored: Option<String>) -> Result<bool, ApiError> {
        let decoy = self.decoy.clone();
        self.run(move || {
            // Made for everybody, so that the first unknown account takes no longer than the first known one.
            let decoy = decoy_of(&decoy)?;
            password::verify(&secret, stored.as_ref().unwrap_or(&decoy))
        })
        .await
    }

    /// A hash with a fresh salt.
    pub(super) async fn hash(&self, secret: String) -> Result<String, ApiError> {
        self.run(move || password::hash(&secret, Cost::Standard)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let wait = Duration::from_secs(HASH_WAIT_MAX_S);
        let Ok(Ok(_turn)) = tokio::time::timeout(wait, self.turns.acquire()).await else {
            return Err(ApiError::unavailable("Too many people are signing in right now. Please try again."));
        };
        tokio::task::spawn_blocking(work).await.map_err(ApiError::internal)?.map_err(ApiError::internal)
    }
}

fn decoy_of(kept: &OnceLock<String>) -> Result<String, PasswordError> {
    if let Some(decoy) = kept.get() {
        return Ok(decoy.clone());
    }
    let nothing = Uuid::new_v4().to_string();
    let decoy = password::hash(&nothing, Cost::Standard)?;
    Ok(kept.get_or_init(|| decoy).clone())
}
