//! What the engine is told.

use satchel_protocol::wire::{Heartbeat, PushRequest, PushResponse, stream::StreamError};

use super::{Failure, LinkId, Work};

/// When an event happens, and the luck it comes with. The engine has no clock and no dice of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// A monotonic clock in milliseconds.
    pub now_ms: u64,
    /// The device's wall clock in milliseconds since 1970.
    pub wall_ms: i64,
    /// A random number up to 1,000, for backoff.
    pub jitter_permille: u16,
}

/// Something happened.
#[derive(Debug)]
pub enum Event {
    /// Begin syncing.
    Start,
    /// End syncing.
    Stop,
    /// The device says it has a network.
    NetworkUp,
    /// The device says it has none.
    NetworkDown,
    /// A person signed in: there are fresh tokens.
    SignedIn,
    /// The queue grew, or something in it may be sent again.
    LocalMutation,
    /// What the queue holds now, whenever that changed.
    QueueCounted(Work),
    /// Time passed; [`Engine::deadline_ms`](super::Engine::deadline_ms) may be reached.
    Tick,
    /// A connection opened.
    Connected(LinkId),
    /// A connection could not be opened.
    ConnectFailed(LinkId, Failure),
    /// A message came.
    Received(LinkId, Inbound),
    /// A connection broke.
    Closed(LinkId, Failure),
    /// A connection ended, having done what it could; the next is to follow at once.
    Finished(LinkId),
    /// Answers [`Action::LoadBatch`](super::Action::LoadBatch).
    BatchLoaded(Result<Option<PushRequest>, Failure>),
    /// Answers [`Action::StoreVerdicts`](super::Action::StoreVerdicts).
    VerdictsStored(Result<Stored, Failure>),
    /// Answers [`Action::ApplyPage`](super::Action::ApplyPage).
    PageApplied(Result<Applied, Failure>),
    /// Answers [`Action::ForgetCursor`](super::Action::ForgetCursor).
    CursorForgotten(Result<(), Failure>),
    /// Answers the actions that mend the queue: renew, renumber, isolate. `DEVICE_CLONED` when renumbering showed that
    /// another phone uses this device id.
    QueueMended(Result<(), Failure>),
    /// Answers [`Action::RefreshToken`](super::Action::RefreshToken): `SignIn` class when the server refused.
    TokenRefreshed(Result<(), Failure>),
}

/// A message from the server, decoded as far as the engine looks.
#[derive(Clone, Debug, PartialEq)]
pub enum Inbound {
    /// A page of a delta; the replica decodes it.
    Delta(PageText),
    /// Verdicts on the push in flight.
    Pushed(PushResponse),
    /// The server is there.
    Heartbeat(Heartbeat),
    /// Something failed.
    Error(StreamError),
    /// A message this build does not know.
    Unknown,
}

/// The JSON text of a [`DeltaPage`](satchel_protocol::wire::DeltaPage).
#[derive(Clone, PartialEq, Eq)]
pub struct PageText(pub Box<str>);

impl std::fmt::Debug for PageText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Row contents stay out of logs.
        write!(f, "PageText({} bytes)", self.0.len())
    }
}

/// What applying a page showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// It was the last page of its pass: the replica stands at a new cursor.
    pub complete: bool,
    /// It goes on from where the replica does not stand, and was not taken: what lies between did not come.
    pub gap: bool,
    /// The server knows of mutations this phone never sent: its device id is used twice.
    pub cloned: bool,
    /// The replica does not match the manifest and must be compared with the server by checksums.
    pub differs: bool,
    /// The pass is complete, but no manifest has confirmed the replica yet.
    pub unverified: bool,
    /// There is more to send: the server was restored and acknowledged mutations are in the queue again, or held ones
    /// were released.
    pub refed: bool,
    /// Accepted mutations whose delta has not come yet.
    pub awaiting: usize,
}

/// What storing verdicts showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// The server knows of mutations this phone never sent.
    pub cloned: bool,
    /// Accepted mutations whose delta has not come yet.
    pub awaiting: usize,
}
