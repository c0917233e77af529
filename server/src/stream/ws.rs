//! `GET /api/v1/sync/ws`: a WebSocket.
//!
//! Invariants:
//! - Messages leave in fragments, because the codec keeps its buffer as large as the largest frame it ever wrote, and
//!   ten thousand idle streams must not keep a page each.
//! - A message that is malformed or too long is answered by an error frame, and the stream closes.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use futures_util::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use satchel_protocol::{
    ErrorCode, limits,
    wire::{ClientMessage, PullRequest},
};
use tokio::{io::AsyncReadExt as _, sync::mpsc, time::timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        handshake::derive_accept_key,
        protocol::{
            Role, WebSocketConfig,
            frame::{
                Frame as WireFrame,
                coding::{Data, OpCode},
            },
        },
    },
};
use tracing::Instrument as _;

use super::{
    CLOSE_WAIT_MS,
    admission::Place,
    opening,
    outbox::{Frame, Progress, outbox},
    session::{self, Inbound},
};
use crate::{auth::Authenticated, error::ApiError, http::AppState, trace};

/// Bytes of one fragment of a message to a client, and of the buffer that reads one from it.
const FRAGMENT_BYTES: usize = 4 * 1024;
/// Bytes of garbage read before a connection is closed, so that the client can read why.
const DRAIN_BYTES: usize = 4 * limits::BODY_BYTES;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Opens a WebSocket.
pub(crate) async fn open(
    State(state): State<AppState>,
    authenticated: Authenticated,
    mut request: Request,
) -> Result<Response, ApiError> {
    let key = handshake(request.method(), request.headers())?;
    let pull = opening(request.headers())?;
    let place = state.streams.admit(authenticated.caller, &state.stream)?;
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let upgrade = upgrade.ok_or_else(|| upgrade_required("This connection cannot become a WebSocket."))?;
    let tasks = state.tasks.clone();
    let work = async move {
        match upgrade.await {
            Ok(upgraded) => Box::pin(serve(state, authenticated, pull, upgraded, place)).await,
            Err(error) => tracing::debug!(%error, "a WebSocket did not come about"),
        }
    };
    tasks.spawn(trace::scope(trace::current(), work.in_current_span()));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, key);
    Ok(response)
}

/// The answer to the client's key.
fn handshake(method: &Method, headers: &HeaderMap) -> Result<HeaderValue, ApiError> {
    let names = |name, token: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(token))
    };
    let asked = method == Method::GET && names(header::CONNECTION, "upgrade") && names(header::UPGRADE, "websocket");
    if !asked || !names(header::SEC_WEBSOCKET_VERSION, "13") {
        return Err(upgrade_required("Open this address as a WebSocket, version 13."));
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY);
    let key = key.ok_or_else(|| ApiError::bad_request("The header Sec-WebSocket-Key is missing."))?;
    HeaderValue::from_str(&derive_accept_key(key.as_bytes())).map_err(ApiError::internal)
}

fn upgrade_required(message: &str) -> ApiError {
    ApiError::bad_request(message).with_status(StatusCode::UPGRADE_REQUIRED)
}

async fn serve(state: AppState, authenticated: Authenticated, request: PullRequest, upgraded: Upgraded, place: Place) {
    let config = WebSocketConfig::default()
        .read_buffer_size(FRAGMENT_BYTES)
        .write_buffer_size(0)
        .max_message_size(Some(limits::BODY_BYTES))
        .max_frame_size(Some(limits::BODY_BYTES));
    let socket = Socket::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    let (sink, stream) = socket.split();
    let (outbox, frames, progress) = outbox(state.stream.send_stall);
    let mut writer = tokio::spawn(write(sink, frames, progress));
    let mut listener = Listener { stream, over: false };
    session::run(state, authenticated, request, outbox, &mut listener, place).await;
    match timeout(Duration::from_millis(CLOSE_WAIT_MS), &mut writer).await {
        Ok(Ok(sink)) => {
            if let Ok(socket) = listener.stream.reunite(sink) {
                let _ = timeout(Duration::from_millis(CLOSE_WAIT_MS), drain(socket)).await;
            }
        }
        _ => writer.abort(),
    }
}

/// Sends frames until the session drops its end, then says goodbye.
async fn write(
    mut sink: SplitSink<Socket, Message>,
    mut frames: mpsc::Receiver<Frame>,
    progress: Progress,
) -> SplitSink<Socket, Message> {
    while let Some(frame) = frames.recv().await {
        let mut text = Bytes::from(frame.tagged());
        let mut code = OpCode::Data(Data::Text);
        while !text.is_empty() {
            let part = text.split_to(text.len().min(FRAGMENT_BYTES));
            let fragment = WireFrame::message(part, code, text.is_empty());
            if sink.send(Message::Frame(fragment)).await.is_err() {
                return sink;
            }
            code = OpCode::Data(Data::Continue);
            progress.made();
        }
    }
    let _ = sink.send(Message::Close(None)).await;
    sink
}

/// Reads what the client still sends, so that closing does not throw away what it has not read yet.
async fn drain(mut socket: Socket) {
    let mut buffer = [0; 1024];
    let mut left = DRAIN_BYTES;
    while let Ok(read @ 1..) = socket.get_mut().read(&mut buffer).await {
        left = left.saturating_sub(read);
        if left == 0 {
            return;
        }
    }
}

/// The reading half.
struct Listener {
    stream: SplitStream<Socket>,
    over: bool,
}

impl Inbound for &mut Listener {
    const SPEAKS: bool = true;

    async fn next(&mut self) -> Option<Result<ClientMessage, ApiError>> {
        if self.over {
            return None;
        }
        let message = match self.stream.next().await? {
            Ok(Message::Text(text)) => ClientMessage::decode(&text).map_err(ApiError::from),
            Ok(Message::Binary(_)) => Err(ApiError::bad_request("Messages are JSON text, not binary.")),
            // Answered by the codec; a sign of life like any other.
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => Ok(ClientMessage::Unknown),
            Ok(Message::Close(_)) => return None,
            Err(Error::Capacity(_)) => Err(ApiError::too_large("A message", limits::BODY_BYTES, "bytes")),
            Err(Error::Protocol(_) | Error::Utf8(_)) => {
                Err(ApiError::new(ErrorCode::BadRequest, "What was sent is not a WebSocket message."))
            }
            Err(_) => return None,
        };
        self.over = message.is_err();
        Some(message)
    }
}
