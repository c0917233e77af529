//! Streams: deltas as they happen, over a WebSocket or server-sent events.
//!
//! Invariants:
//! - A session is one task that holds no database connection while nothing happens.
//! - Deltas never wait for pushes nor pushes for deltas (P4); each kind goes one at a time, in order.
//! - Everything is bounded: the frames waiting for a slow client, the pushes waiting for their turn, and every wait.
//!   A client that takes nothing for [`SEND_STALL_MS`] is dropped; it loses nothing by pulling again.
//! - A stream that ends by the server's will says why in an error frame about the stream.
//!
//! - One user, and one organization, keep only so many streams open on a node, so that none takes what others need.
//!
//! Reading order: `admission` → [`session`] → `delta` → `outbox` → [`ws`], [`sse`].

mod admission;
mod delta;
mod outbox;
pub mod session;
pub mod sse;
pub mod ws;

pub use admission::{ORG_STREAMS, Streams, USER_STREAMS};

use std::time::Duration;

use axum::http::HeaderMap;
use satchel_protocol::{
    limits::{self, HEARTBEAT_S, SILENCE_S},
    wire::{PullRequest, stream::PULL_HEADER},
};

use crate::{
    error::{ApiError, check_protocol},
    http::from_json,
};

/// Milliseconds without any progress of a client's reading, with frames waiting, after which it is dropped.
pub const SEND_STALL_MS: u64 = 15_000;
/// Frames that may wait for a slow client besides the one being sent.
pub const SEND_QUEUE_FRAMES: usize = 2;
/// Pushes that may wait for the one being executed; then the socket is not read.
pub const PUSH_QUEUE: usize = 4;
/// Milliseconds a stream rests at most between two passes.
pub const DELTA_REST_MAX_MS: u64 = 1_000;
/// Milliseconds for which the pages of a pass are read in one transaction, while the client takes them at once.
pub const PASS_AT_ONCE_MS: u64 = 250;
/// Milliseconds until a delta is tried again after the server could not answer.
pub const DELTA_RETRY_MS: u64 = 1_000;
/// Seconds for a push to finish after its stream has ended.
pub const PUSH_FINISH_S: u64 = 20;
/// Milliseconds for a client to take the last frame of a stream.
pub const CLOSE_WAIT_MS: u64 = 2_000;

/// How streams beat and how long they wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamSettings {
    /// Between heartbeats.
    pub heartbeat: Duration,
    /// Without any message from a WebSocket client.
    pub silence: Duration,
    /// Without any progress of a client's reading.
    pub send_stall: Duration,
    /// Streams of one user on this node.
    pub user_streams: usize,
    /// Streams of one organization on this node.
    pub org_streams: usize,
}

impl Default for StreamSettings {
    fn default() -> Self {
        Self {
            heartbeat: Duration::from_secs(HEARTBEAT_S),
            silence: Duration::from_secs(SILENCE_S),
            send_stall: Duration::from_millis(SEND_STALL_MS),
            user_streams: USER_STREAMS,
            org_streams: ORG_STREAMS,
        }
    }
}

/// The pull that opens a stream.
fn opening(headers: &HeaderMap) -> Result<PullRequest, ApiError> {
    let header = headers.get(PULL_HEADER).ok_or_else(|| {
        ApiError::bad_request(format!("Open the stream with a pull request, as JSON in the header {PULL_HEADER}."))
    })?;
    if header.len() > limits::PULL_HEADER_BYTES {
        let what = format!("The header {PULL_HEADER}");
        return Err(ApiError::too_large(&what, limits::PULL_HEADER_BYTES, "bytes; pull by POST first, then stream"));
    }
    let request: PullRequest = from_json(&format!("The header {PULL_HEADER}"), header.as_bytes())?;
    check_protocol(request.protocol)?;
    Ok(request)
}
