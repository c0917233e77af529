//! What the engine wants done.

use satchel_protocol::wire::{PushRequest, PushResponse};
use serde::Serialize;
use uuid::Uuid;

use super::{Failure, PageText};

/// Names one connection, so that news of an old one is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u64);

/// The ways to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// One socket both ways.
    WebSocket,
    /// Server-sent events down, HTTP posts up: passes where WebSockets do not.
    Sse,
}

impl std::fmt::Display for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::WebSocket => "WebSocket",
            Self::Sse => "SSE",
        })
    }
}

/// What the pull of a connection says beyond the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PullMode {
    /// Name every held scope, not only their digest.
    pub list_scopes: bool,
}

/// A thing to do. Each is answered by the event its documentation names, sooner or later, but for sends.
#[derive(Debug)]
pub enum Action {
    /// Open a connection with a pull. Answered by `Connected` or `ConnectFailed`, then messages and `Closed`.
    Connect {
        /// Its name.
        link: LinkId,
        /// By which way.
        transport: Transport,
        /// What its pull says.
        pull: PullMode,
    },
    /// Drop a connection, open or opening. Its later news is ignored.
    Disconnect(LinkId),
    /// Ask for the delta again over an open WebSocket.
    SendPull(LinkId, PullMode),
    /// Show that this phone is there.
    SendHeartbeat(LinkId),
    /// Send mutations. Answered by `Received(Pushed)`, `Received(Error)` or `Closed`.
    SendPush(LinkId, PushRequest),
    /// Read the next mutations of the queue, at most this many. Answered by `BatchLoaded`.
    LoadBatch {
        /// How many at most.
        most: usize,
    },
    /// Store verdicts. Answered by `VerdictsStored`.
    StoreVerdicts(PushResponse),
    /// Apply a page. Answered by `PageApplied`.
    ApplyPage(PageText),
    /// Drop the cursor, keep rows and queue: the next pull compares by checksums. Answered by `CursorForgotten`.
    ForgetCursor,
    /// Take a new device id; keys stay. Answered by `QueueMended`.
    RenewDevice,
    /// Number unsent mutations from here on. Answered by `QueueMended`.
    Renumber {
        /// What the server expects next.
        expected_seq: u64,
    },
    /// Put the mutation with this key on the attention list: the server cannot take it as it is. Answered by
    /// `QueueMended`.
    Isolate {
        /// Its key.
        key: Uuid,
        /// Why.
        failure: Failure,
    },
    /// Exchange the refresh token. Answered by `TokenRefreshed`.
    RefreshToken,
}
