//! The client core as Kotlin and Swift see it: [`SatchelClient`], its types and its one error.
//!
//! Invariants:
//! - Nothing is decided here: every call goes to `satchel-client`, and what crosses is converted in [`types`] and
//!   [`error`], once each way.
//! - A panic never crosses the boundary: it becomes [`SatchelError::Internal`] and an entry in [`diagnostics`].
//! - App code runs on threads of its own, never on those that sync, and with nothing held locked. It may throw, be slow,
//!   cancel what called it or close the client.
//! - No observer is called after [`SatchelClient::shut_down`] has returned.
//!
//! The models and mutations of the trade are not here: `satchel-generate` writes them in Kotlin and Swift from the
//! registry, and they speak through [`SatchelClient::rows`] and [`SatchelClient::mutate`]. Only what they cannot encode by
//! themselves is made here: [`SatchelClient::edit_note`] and [`SatchelClient::signing_document`].

#[cfg(panic = "abort")]
compile_error!("a panic must become an error at the boundary: build with panic = \"unwind\"");

mod client;
mod diagnostics;
pub mod error;
mod guard;
mod observers;
mod rows;
mod session_store;
mod trade;
pub mod types;

pub use client::{HISTORY, SatchelClient};
pub use diagnostics::{DIAGNOSTICS_ENTRIES, DiagnosticsEntry, Severity, diagnostics};
pub use error::SatchelError;
pub use observers::{ChangeObserver, ObserverError, StatusObserver, Subscription};
pub use rows::ROWS;
pub use session_store::{SessionStore, SessionStoreError};
pub use trade::SigningDocument;

uniffi::setup_scaffolding!();
