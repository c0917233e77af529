//! The ways to the server: WebSocket, and SSE with HTTP posts.
//!
//! Invariants:
//! - A channel delivers messages in order and ends with one closing word. Dropping it closes the connection.
//! - What is not read is not buffered: a full inbox stops reading from the socket.
//! - No text made here holds row contents or tokens.

mod decode;
mod http;
mod network;
mod sse;
mod sse_parser;
mod websocket;

use std::time::Duration;

use satchel_protocol::{
    limits::PULL_HEADER_BYTES,
    wire::{Heartbeat, PullRequest, PushRequest},
};
use tokio::{sync::mpsc, task::JoinHandle};
use uuid::Uuid;

pub use decode::message as decode_message;
pub(crate) use network::Network;
pub use network::{NetworkError, NetworkOptions};

use crate::engine::{Failure, Inbound, Transport};

/// Messages received and not yet taken, beyond which the socket is not read.
const INBOX_MESSAGES: usize = 2;
/// Messages waiting to be sent.
const OUTBOX_MESSAGES: usize = 8;
/// Bytes of one message from the server.
pub const MESSAGE_BYTES: usize = 64 * 1024 * 1024;
/// Within which the server must answer a request that is not a stream.
pub(crate) const REQUEST_TIME: Duration = Duration::from_secs(30);

/// A message to the server.
#[derive(Debug)]
pub(crate) enum Outbound {
    Push(PushRequest),
    Pull(Box<PullRequest>),
    Heartbeat(Heartbeat),
}

/// What a channel delivers.
#[derive(Debug)]
pub(crate) enum News {
    Message(Inbound),
    /// The connection ended by itself, having done what it could: open the next.
    Finished,
    /// The connection broke.
    Closed(Failure),
}

/// What it takes to open a connection.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) token: String,
    pub(crate) org_id: Uuid,
    pub(crate) pull: PullRequest,
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct Channel {
    outbox: mpsc::Sender<Outbound>,
    inbox: mpsc::Receiver<News>,
    tasks: Vec<JoinHandle<()>>,
}

impl Channel {
    /// Puts a message on its way. A channel whose outbox is full or gone will say `Closed` by itself.
    pub(crate) fn send(&self, message: Outbound) -> Result<(), Failure> {
        self.outbox.try_send(message).map_err(|_| Failure::network("The connection does not take messages any more."))
    }

    /// The next news; safe to cancel.
    pub(crate) async fn next(&mut self) -> News {
        match self.inbox.recv().await {
            Some(news) => news,
            None => News::Closed(Failure::network("The connection ended.")),
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Opens a connection. The caller bounds the time.
pub(crate) async fn open(network: &Network, transport: Transport, opening: Opening) -> Result<Channel, Failure> {
    match (pull_header(&opening.pull), transport) {
        (Some(header), Transport::WebSocket) => websocket::open(network, &opening, &header).await,
        (Some(header), Transport::Sse) => sse::open(network, opening, header).await,
        (None, _) => sse::open_posted(network, opening).await,
    }
}

/// The pull as a header value, if it fits one.
fn pull_header(pull: &PullRequest) -> Option<String> {
    // Header values are ASCII; JSON can spell anything so, but ids and marks are ASCII anyway.
    serde_json::to_string(pull).ok().filter(|text| text.len() <= PULL_HEADER_BYTES && text.is_ascii())
}
