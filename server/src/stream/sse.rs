//! `GET /api/v1/sync/stream`: server-sent events.
//!
//! Invariants:
//! - A delta that completes a pass has its cursor as event id. `Last-Event-ID` goes on from there: the client then
//!   holds what it held at that cursor.
//! - What the client cannot answer ends the stream: it has no way to pull anew on it.

use std::convert::Infallible;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use satchel_protocol::wire::{self, Held, PullRequest};
use tokio::sync::mpsc;
use tracing::Instrument as _;

use super::{
    opening,
    outbox::{Frame, Progress, outbox},
    session::{self, Silent},
};
use crate::{auth::Authenticated, error::ApiError, feed::Cursor, http::AppState, trace};

/// Bytes handed to the connection at a time, so that little of a page waits in its buffers.
const CHUNK_BYTES: usize = 16 * 1024;

/// The header by which a client says what it saw last.
const LAST_EVENT_ID: &str = "last-event-id";

/// Opens a stream.
pub(crate) async fn open(
    State(state): State<AppState>,
    authenticated: Authenticated,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let request = resumed(opening(&headers)?, &headers)?;
    let place = state.streams.admit(authenticated.caller, &state.stream)?;
    let (outbox, frames, progress) = outbox(state.stream.send_stall);
    let tasks = state.tasks.clone();
    let work = session::run(state, authenticated, request, outbox, Silent, place);
    tasks.spawn(trace::scope(trace::current(), work.in_current_span()));
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // Proxies that know it do not hold events back.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(chunks(frames, progress))).into_response())
}

/// The request, gone on with from the last event the client saw.
fn resumed(request: PullRequest, headers: &HeaderMap) -> Result<PullRequest, ApiError> {
    let Some(id) = headers.get(LAST_EVENT_ID).filter(|id| !id.is_empty()) else { return Ok(request) };
    let malformed = || ApiError::bad_request("Last-Event-ID is not the id of an event of this stream.");
    let id = wire::Cursor(id.to_str().map_err(|_| malformed())?.to_owned());
    let cursor = Cursor::decode(&id).map_err(|_| malformed())?;
    Ok(PullRequest {
        cursor: Some(id),
        held: Held { digest: cursor.scopes_text(), ids: None },
        resume: None,
        checksums: Default::default(),
        ..request
    })
}

fn chunks(
    frames: mpsc::Receiver<Frame>,
    progress: Progress,
) -> impl futures_util::Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold((frames, Bytes::new(), progress), |(mut frames, mut rest, progress)| async move {
        if rest.is_empty() {
            rest = frames.recv().await?.event().into();
        }
        progress.made();
        let chunk = rest.split_to(rest.len().min(CHUNK_BYTES));
        Some((Ok(chunk), (frames, rest, progress)))
    })
}
