//! What flows over `GET /api/v1/sync/ws` and `GET /api/v1/sync/stream`.
//!
//! The request that opens either carries a [`PullRequest`] as JSON in the header [`PULL_HEADER`], so that the first
//! delta needs no further round trip.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{DeltaPage, PullRequest, PushRequest, PushResponse};
use crate::{ErrorBody, ShapeError};

/// The header that opens a stream with a pull.
pub const PULL_HEADER: &str = "satchel-pull";

/// Sent every [`HEARTBEAT_S`](crate::limits::HEARTBEAT_S) seconds, both ways.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Heartbeat {
    /// The server's clock in milliseconds since 1970, from which phones measure their offset.
    pub server_time_ms: i64,
    /// Seconds until the access token that opened this stream expires.
    pub token_expires_in_s: i64,
}

/// From the phone, over a WebSocket.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientMessage {
    /// Mutations; answered by [`ServerMessage::Pushed`], in order.
    Push(PushRequest),
    /// Restarts the delta, after an error that asks for it.
    Pull(Box<PullRequest>),
    /// Still here.
    Heartbeat(Heartbeat),
    /// A message this build does not know; ignored.
    #[serde(skip)]
    Unknown,
}

/// From the server, over a WebSocket; over SSE the variant is the event's name and the body its data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServerMessage {
    /// Changes.
    Delta(Box<DeltaPage>),
    /// Answers a push.
    Pushed(PushResponse),
    /// Still here.
    Heartbeat(Heartbeat),
    /// The push or pull before it failed; the stream goes on unless the code says otherwise.
    Error(StreamError),
    /// A message this build does not know; ignored.
    #[serde(skip)]
    Unknown,
}

/// A failure on a stream, and what it answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StreamError {
    /// What failed.
    pub about: About,
    /// The error.
    #[serde(flatten)]
    pub error: ErrorBody,
}

/// What a stream error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The last push.
    Push,
    /// The delta.
    Pull,
    /// The stream as a whole; it closes.
    Stream,
}

/// Decodes an externally tagged message: one member, whose name says what it is. A name that is not among `known`
/// gives `None`.
fn decode<'a, T: Deserialize<'a>>(text: &'a str, known: &[&str]) -> Result<Option<T>, ShapeError> {
    let shape = |expected: &str| ShapeError::new("message", expected);
    let members: std::collections::BTreeMap<std::borrow::Cow<'a, str>, &'a RawValue> =
        serde_json::from_str(text).map_err(|_| shape("a JSON object with one member"))?;
    let mut names = members.keys();
    let (Some(name), None) = (names.next(), names.next()) else {
        return Err(shape("a JSON object with one member"));
    };
    if !known.contains(&name.as_ref()) {
        return Ok(None);
    }
    serde_json::from_str(text)
        .map(Some)
        .map_err(|error| shape(&format!("the fields of `{name}` (line {}, column {})", error.line(), error.column())))
}

impl ClientMessage {
    /// Decodes a message; one this build does not know is [`ClientMessage::Unknown`].
    pub fn decode(text: &str) -> Result<Self, ShapeError> {
        Ok(decode(text, &["push", "pull", "heartbeat"])?.unwrap_or(Self::Unknown))
    }
}

impl ServerMessage {
    /// Decodes a message; one this build does not know is [`ServerMessage::Unknown`].
    pub fn decode(text: &str) -> Result<Self, ShapeError> {
        Ok(decode(text, &["delta", "pushed", "heartbeat", "error"])?.unwrap_or(Self::Unknown))
    }
}
