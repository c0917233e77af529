//! The one error envelope (R7).

use serde::{Deserialize, Serialize};

/// The canonical error codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// Malformed or senseless input. HTTP 400.
    BadRequest,
    /// No valid access token. HTTP 401.
    Unauthorized,
    /// Not allowed. HTTP 403.
    Forbidden,
    /// No such thing, or not for this user. HTTP 404.
    NotFound,
    /// Contradicts the present state, or a key reused with other content. HTTP 409.
    Conflict,
    /// The cursor belongs to another history, or is older than the feed keeps: pull again without it. HTTP 409.
    CursorStale,
    /// The server needs the full list of held scopes, not only its digest. HTTP 409.
    ScopesRequired,
    /// The batch does not start where the server's count for this device ends. HTTP 409.
    SequenceGap,
    /// Another mutation already holds this sequence number: the device id is used twice. HTTP 409.
    DeviceCloned,
    /// A named limit was exceeded. HTTP 413.
    PayloadTooLarge,
    /// The client speaks a version below the floor. HTTP 426.
    UpgradeRequired,
    /// Too many requests. HTTP 429.
    TooManyRequests,
    /// A fault of the server. HTTP 500.
    InternalServerError,
    /// The server cannot answer now (starting, stopping, database away, standby). HTTP 503.
    ServiceUnavailable,
    /// A code this build does not know.
    #[serde(other)]
    Unknown,
}

/// What a client should do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Try again later by itself.
    Later,
    /// Sign in again first.
    SignIn,
    /// Never by itself; a person must change something.
    Never,
}

impl ErrorCode {
    /// The HTTP status that carries this code.
    pub fn http_status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict | Self::CursorStale | Self::ScopesRequired | Self::SequenceGap | Self::DeviceCloned => 409,
            Self::PayloadTooLarge => 413,
            Self::UpgradeRequired => 426,
            Self::TooManyRequests => 429,
            Self::InternalServerError | Self::Unknown => 500,
            Self::ServiceUnavailable => 503,
        }
    }

    /// What a client should do about it.
    pub fn retry(self) -> Retry {
        match self {
            Self::TooManyRequests | Self::InternalServerError | Self::ServiceUnavailable | Self::Unknown => {
                Retry::Later
            }
            Self::Unauthorized => Retry::SignIn,
            _ => Retry::Never,
        }
    }
}

/// The body of every error answer: `{"error": {...}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ErrorEnvelope {
    /// The error.
    pub error: ErrorBody,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ErrorBody {
    /// The canonical code.
    pub code: ErrorCode,
    /// A sentence a person can act on.
    pub message: String,
    /// Finds this request in the server's logs.
    #[serde(default)]
    pub trace_id: String,
    /// `retry` ([`Retry`]) and facts particular to the code, such as `expected_seq`.
    #[serde(default)]
    pub details: serde_json::Value,
}
