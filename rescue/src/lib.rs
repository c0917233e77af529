//! The rescue bundle: unsent work in one encrypted file, for the day when a phone can no longer send it itself.
//!
//! Invariants:
//! - A bundle holds mutations in their original bytes and under their own idempotency keys. Whoever takes it in, how
//!   often and beside whatever else, the server applies each of them at most once (P2).
//! - It is an age file (<https://age-encryption.org/v1>): a changed or shortened one does not open, and nothing but its
//!   size can be told without the key.
//! - Making one changes nothing on the phone: the work stays queued there until it has its verdict (P1).
//!
//! [`Bundle`] is what is in it, [`seal`] and [`open`] are the way in and out.

mod bundle;
mod error;
mod seal;

pub use age::secrecy::{ExposeSecret, SecretString};
pub use bundle::{BUNDLE_MUTATIONS, Bundle, FORMAT, RescuedMutation};
pub use error::RescueError;
pub use seal::{BUNDLE_BYTES, Key, Lock, PASSPHRASE_CHARS, new_identity, open, seal};
