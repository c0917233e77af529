//! Two lock files that let several processes share one cluster.
//!
//! `postgres.start.lock` is held while somebody starts or stops the server. `postgres.users.lock` is
//! held, shared, by everybody who uses it; whoever can take it alone was the last, and stops the
//! server. Both are advisory locks that the operating system drops when a process dies, so that a
//! killed user is never counted.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::{ClusterError, error::At as _};

/// Longest wait for another process that is starting or stopping the cluster, in seconds.
pub(super) const LOCK_WAIT_MAX_S: u64 = 180;

/// Pause between two attempts at a lock or a look at a state, in milliseconds.
pub(super) const POLL_MS: u64 = 20;

/// The lock files of one data directory.
#[derive(Debug)]
pub(super) struct Guard {
    directory: PathBuf,
    users: File,
}

/// Held while starting or stopping; released on drop.
#[derive(Debug)]
pub(super) struct Exclusive(File);

impl Drop for Exclusive {
    fn drop(&mut self) {
        // Explicit, because a child being spawned by another thread may hold a copy for a moment.
        let _ = self.0.unlock();
    }
}

impl Guard {
    /// Opens the lock files, creating them when absent.
    pub(super) fn open(directory: &Path) -> Result<Self, ClusterError> {
        let users = open_lock(&directory.join("postgres.users.lock"))?;
        Ok(Self { directory: directory.to_owned(), users })
    }

    /// Waits for the right to start or stop the cluster.
    pub(super) fn exclusive(&self) -> Result<Exclusive, ClusterError> {
        let path = self.directory.join("postgres.start.lock");
        let file = open_lock(&path)?;
        let deadline = Instant::now() + Duration::from_secs(LOCK_WAIT_MAX_S);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Exclusive(file)),
                Err(TryLockError::Error(source)) => return Err(source).at("lock", &path),
                Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                    return Err(ClusterError::Busy { directory: self.directory.clone(), waited_s: LOCK_WAIT_MAX_S });
                }
                Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(POLL_MS)),
            }
        }
    }

    /// Registers this handle as a user. Hold the exclusive right meanwhile.
    pub(super) fn join(&self) -> Result<(), ClusterError> {
        self.users.lock_shared().at("lock", &self.directory)
    }

    /// Ends this handle's use and answers whether nobody else uses the cluster. Hold the exclusive
    /// right meanwhile.
    pub(super) fn leave(&self) -> bool {
        self.users.unlock().is_ok() && self.users.try_lock().is_ok() && self.users.unlock().is_ok()
    }
}

fn open_lock(path: &Path) -> Result<File, ClusterError> {
    OpenOptions::new().create(true).truncate(false).write(true).open(path).at("open", path)
}
