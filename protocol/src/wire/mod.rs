//! The messages, one file each.
//!
//! Invariants: JSON; unknown fields and unknown message names are tolerated; enums that carry raw bodies are
//! externally tagged (`{"push": {...}}`), because a mutation's bytes must survive untouched.

pub mod auth;
pub mod pull;
pub mod push;
pub mod stream;

pub use pull::{Cursor, DeltaPage, Held, Manifest, PullRequest, Resume, Settlement, TableFill, TableRows, Wipe};
pub use push::{Outcome, PushRequest, PushResponse, PushedMutation, Verdict};
pub use stream::{ClientMessage, Heartbeat, ServerMessage};
