//! Encrypting and decrypting bundles.

use std::io::Read as _;

use age::{
    DecryptError, Decryptor,
    secrecy::{ExposeSecret as _, SecretString},
    x25519,
};

use crate::{BUNDLE_MUTATIONS, Bundle, RescueError};

/// Bytes of a bundle, sealed or not.
pub const BUNDLE_BYTES: usize = 256 * 1024 * 1024;
/// Characters a passphrase has at least.
pub const PASSPHRASE_CHARS: usize = 8;

/// Base-2 logarithm of scrypt's cost when sealing: about half a second on a phone, 32 MiB.
const SCRYPT_COST_LOG2: u8 = 15;
/// The highest cost that is paid to open a file somebody sent.
const SCRYPT_COST_MAX_LOG2: u8 = 18;
/// What every age file starts with.
const AGE_MAGIC: &[u8] = b"age-encryption.org/";

/// What a bundle is sealed with.
#[derive(Clone, Debug)]
pub enum Lock {
    /// A passphrase a person chose and tells whoever takes the bundle in.
    Passphrase(SecretString),
    /// The office's public key (`age1...`): only the office opens it, and nobody needs to remember anything.
    PublicKey(String),
}

/// What a bundle is opened with.
#[derive(Clone, Debug)]
pub enum Key {
    /// The passphrase.
    Passphrase(SecretString),
    /// The office's secret key (`AGE-SECRET-KEY-1...`).
    Identity(SecretString),
}

/// A new key pair for an office: the secret key, and the public one that phones seal with.
pub fn new_identity() -> (SecretString, String) {
    let identity = x25519::Identity::generate();
    (identity.to_string(), identity.to_public().to_string())
}

/// Makes the file.
///
/// # Errors
/// [`RescueError::ShortPassphrase`], [`RescueError::NotAKey`], [`RescueError::TooMany`], [`RescueError::TooLarge`].
pub fn seal(bundle: &Bundle, lock: &Lock) -> Result<Vec<u8>, RescueError> {
    if bundle.mutations.len() > BUNDLE_MUTATIONS {
        return Err(RescueError::TooMany { mutations: bundle.mutations.len(), limit: BUNDLE_MUTATIONS });
    }
    let plain = serde_json::to_vec(bundle).map_err(|_| RescueError::Damaged)?;
    if plain.len() > BUNDLE_BYTES {
        return Err(RescueError::TooLarge { limit_bytes: BUNDLE_BYTES });
    }
    let sealed = match lock {
        Lock::Passphrase(passphrase) => {
            if passphrase.expose_secret().chars().count() < PASSPHRASE_CHARS {
                return Err(RescueError::ShortPassphrase { least: PASSPHRASE_CHARS });
            }
            let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
            recipient.set_work_factor(SCRYPT_COST_LOG2);
            age::encrypt(&recipient, &plain)
        }
        Lock::PublicKey(text) => {
            let recipient: x25519::Recipient = text.trim().parse().map_err(|_| RescueError::NotAKey)?;
            age::encrypt(&recipient, &plain)
        }
    };
    sealed.map_err(|_| RescueError::Damaged)
}

/// Opens a file; what is returned keeps every limit.
///
/// # Errors
/// All but [`RescueError::ShortPassphrase`] and [`RescueError::TooMany`].
pub fn open(sealed: &[u8], key: &Key) -> Result<Bundle, RescueError> {
    // The sealed file is a little larger than what is in it.
    if sealed.len() > BUNDLE_BYTES + BUNDLE_BYTES / 64 {
        return Err(RescueError::TooLarge { limit_bytes: BUNDLE_BYTES });
    }
    if !sealed.starts_with(AGE_MAGIC) {
        return Err(RescueError::NotABundle);
    }
    let identity: Box<dyn age::Identity> = match key {
        Key::Passphrase(passphrase) => {
            let mut identity = age::scrypt::Identity::new(passphrase.clone());
            identity.set_max_work_factor(SCRYPT_COST_MAX_LOG2);
            Box::new(identity)
        }
        Key::Identity(text) => {
            let identity = text.expose_secret().trim().parse::<x25519::Identity>();
            Box::new(identity.map_err(|_| RescueError::NotAKey)?)
        }
    };
    let mut reader = Decryptor::new(sealed).and_then(|file| file.decrypt(std::iter::once(&*identity))).map_err(why)?;
    let mut plain = Vec::new();
    reader.read_to_end(&mut plain).map_err(|_| RescueError::Damaged)?;
    let bundle: Bundle = serde_json::from_slice(&plain).map_err(|_| RescueError::NotABundle)?;
    bundle.check()
}

fn why(error: DecryptError) -> RescueError {
    match error {
        DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            RescueError::WrongKey
        }
        DecryptError::UnknownFormat | DecryptError::ExcessiveWork { .. } => RescueError::NotABundle,
        _ => RescueError::Damaged,
    }
}
