//! What the engine is doing or waiting for, for people to read.

use super::{Failure, Transport};

/// Where the connection stands. Every value that waits says what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Not asked to sync.
    Stopped,
    /// The device says it has no network.
    Offline,
    /// The last try failed; the next comes at `retry_at_ms` of the engine's clock.
    Waiting {
        /// When it is tried again.
        retry_at_ms: u64,
        /// Why the last try failed, if there was one.
        failure: Option<Failure>,
    },
    /// Opening a connection.
    Connecting(Transport),
    /// Exchanging the refresh token.
    RenewingSession,
    /// Connected.
    Online {
        /// By which way.
        transport: Transport,
        /// Everything the server had at connecting is here.
        caught_up: bool,
        /// Why uploads wait, if they do, and until when.
        upload_waits: Option<(Failure, u64)>,
    },
    /// The session is over; a person must sign in. The queue is kept.
    NeedsSignIn(Failure),
    /// The server does not talk to a build this old.
    UpgradeRequired {
        /// What the server said.
        failure: Failure,
        /// When it is asked again.
        retry_at_ms: u64,
    },
    /// Something that will hardly change by itself stands in the way.
    Blocked {
        /// What.
        failure: Failure,
        /// When it is tried again.
        retry_at_ms: u64,
    },
}
