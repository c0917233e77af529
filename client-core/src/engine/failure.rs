//! What went wrong, classed by what the engine does about it.

use satchel_protocol::{ErrorBody, ErrorCode, Retry};
use serde::{Deserialize, Serialize};

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Nobody answered: try again, soon.
    Network,
    /// The other side, or this phone, cannot now: try again later.
    Later,
    /// Needs a fresh access token, or a person to sign in.
    SignIn,
    /// Trying the same again will not help.
    Permanent,
}

/// How far a failed connection got; decides whether another way is tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Not told, or somewhere in the middle.
    #[default]
    Unknown,
    /// Not even to the machine.
    Nowhere,
    /// Something between phone and server does not let this transport through.
    Refused,
}

/// What let this phone in, and was taken back by somebody else. Whatever waits to be sent is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The session: its user ended it from elsewhere, or took a new password.
    Session,
    /// The device was signed out, by its user or the office.
    Device,
    /// The user is not a member of the organization any more.
    Membership,
    /// The office had this phone cleared. What was entered was sent before, unless the organization says otherwise.
    Wiped,
}

impl Ended {
    /// By the server's `details.reason`.
    fn of(reason: &str) -> Option<Self> {
        match reason {
            "session_revoked" => Some(Self::Session),
            "device_revoked" => Some(Self::Device),
            "membership_ended" => Some(Self::Membership),
            _ => None,
        }
    }
}

/// A failure. Its text holds no row contents, tokens or personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What to do about it.
    pub class: Class,
    /// The server's code, if the server answered.
    pub code: Option<ErrorCode>,
    /// A sentence a person can act on.
    pub message: String,
    /// Finds it in the server's logs; empty if the server did not answer.
    pub trace_id: String,
    /// Milliseconds the server asked to wait.
    pub retry_after_ms: Option<u64>,
    /// With `SEQUENCE_GAP`: the number the server expects next.
    pub expected_seq: Option<u64>,
    /// How far a failed connection got.
    pub reach: Reach,
    /// What was taken back, if that is what it is about.
    pub ended: Option<Ended>,
}

impl Failure {
    /// Nobody answered.
    pub fn network(message: impl Into<String>) -> Self {
        Self::new(Class::Network, message)
    }

    /// This phone, or the server, cannot now.
    pub fn later(message: impl Into<String>) -> Self {
        Self::new(Class::Later, message)
    }

    /// Trying the same again will not help.
    pub fn permanent(message: impl Into<String>) -> Self {
        Self::new(Class::Permanent, message)
    }

    /// The access token is missing, expired or refused.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self { code: Some(ErrorCode::Unauthorized), ..Self::new(Class::SignIn, message) }
    }

    /// Something on the way does not let this transport through.
    pub fn transport_refused(message: impl Into<String>) -> Self {
        Self { reach: Reach::Refused, ..Self::network(message) }
    }

    /// No connection at all: says nothing about one way or another.
    pub fn unreachable(message: impl Into<String>) -> Self {
        Self { reach: Reach::Nowhere, ..Self::network(message) }
    }

    fn new(class: Class, message: impl Into<String>) -> Self {
        Self {
            class,
            code: None,
            message: message.into(),
            trace_id: String::new(),
            retry_after_ms: None,
            expected_seq: None,
            reach: Reach::Unknown,
            ended: None,
        }
    }
}

impl From<ErrorBody> for Failure {
    fn from(body: ErrorBody) -> Self {
        // The server's word in `details.retry` wins: it may know better than this build.
        let told = body.details.get("retry").and_then(|retry| serde_json::from_value::<Retry>(retry.clone()).ok());
        let class = match told.unwrap_or_else(|| body.code.retry()) {
            Retry::Later => Class::Later,
            Retry::SignIn => Class::SignIn,
            Retry::Never => Class::Permanent,
        };
        Self {
            class,
            code: Some(body.code),
            retry_after_ms: body.details.get("retry_after_ms").and_then(serde_json::Value::as_u64),
            expected_seq: body.details.get("expected_seq").and_then(serde_json::Value::as_u64),
            ended: body.details.get("reason").and_then(serde_json::Value::as_str).and_then(Ended::of),
            message: body.message,
            trace_id: body.trace_id,
            reach: Reach::Unknown,
        }
    }
}
