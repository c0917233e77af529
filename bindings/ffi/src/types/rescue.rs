//! Unsent work in a file.

use satchel_client::{
    rescue::{Key, Lock, SecretString},
    store,
};

/// What a rescue bundle is sealed with.
#[derive(Clone, uniffi::Enum)]
pub enum RescueLock {
    /// A passphrase of at least eight characters, which a person chose and tells whoever takes the bundle in.
    Passphrase {
        /// The passphrase.
        passphrase: String,
    },
    /// The office's public key (`age1...`): only the office opens it, and nobody needs to remember anything.
    PublicKey {
        /// The key.
        public_key: String,
    },
}

/// What a rescue bundle is opened with.
#[derive(Clone, uniffi::Enum)]
pub enum RescueKey {
    /// The passphrase.
    Passphrase {
        /// The passphrase.
        passphrase: String,
    },
    /// The office's secret key (`AGE-SECRET-KEY-1...`).
    SecretKey {
        /// The key.
        secret_key: String,
    },
}

/// What taking work in came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct TakenIn {
    /// Mutations that are in the queue now.
    pub added: u64,
    /// Mutations that were in the queue, or had been decided on.
    pub known: u64,
}

impl From<RescueLock> for Lock {
    fn from(lock: RescueLock) -> Self {
        match lock {
            RescueLock::Passphrase { passphrase } => Self::Passphrase(SecretString::from(passphrase)),
            RescueLock::PublicKey { public_key } => Self::PublicKey(public_key),
        }
    }
}

impl From<RescueKey> for Key {
    fn from(key: RescueKey) -> Self {
        match key {
            RescueKey::Passphrase { passphrase } => Self::Passphrase(SecretString::from(passphrase)),
            RescueKey::SecretKey { secret_key } => Self::Identity(SecretString::from(secret_key)),
        }
    }
}

impl From<store::TakenIn> for TakenIn {
    fn from(taken: store::TakenIn) -> Self {
        Self { added: taken.added as u64, known: taken.known as u64 }
    }
}
