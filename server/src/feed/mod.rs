//! The change feed as the server reads it: where a replica stands, what changed since, and whom to wake.
//!
//! Invariants:
//! - A cursor is a snapshot, so nothing committed after it is skipped and nothing waits for a long transaction (P7).
//! - The feed says what to look at; row-level security decides what is seen (P6).
//! - This folder and `store` are the only places that speak Postgres.

pub(crate) mod bytes;
pub mod cursor;
pub mod head;
pub mod hub;
pub mod rows;
pub mod scopes;
pub mod settlements;
pub mod snapshot;
mod subscribers;
pub mod totals;
pub mod touch;
pub mod verdicts;
mod wake;

pub use cursor::Cursor;
pub use hub::{Hub, HubSettings};
pub use scopes::ScopeKinds;
pub use snapshot::Snapshot;
pub use subscribers::{Concern, ORG_DELTAS, Subscription};
