//! A business refusal: what a technician is told when a rule says no.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ErrorCode;

/// Why a mutation was refused. Stored as part of the verdict; shown to the person who tapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Rejection {
    /// The canonical code (R7).
    pub code: ErrorCode,
    /// A stable machine-readable reason, `aggregate.rule`: `visit.items_open`.
    pub reason: String,
    /// A sentence a person can act on. Never holds row contents of others.
    pub message: String,
    /// Facts an app can show beside the message, such as all that has to be confirmed; null where there are none.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub details: Value,
}

impl Rejection {
    /// A refusal with any code.
    pub fn new(code: ErrorCode, reason: &str, message: impl Into<String>) -> Self {
        Self { code, reason: reason.to_owned(), message: message.into(), details: Value::Null }
    }

    /// The same refusal with facts an app can show; an object.
    #[must_use]
    pub fn with_details(self, details: Value) -> Self {
        Self { details, ..self }
    }

    /// The arguments make no sense whatever the data.
    pub fn bad_request(reason: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, reason, message)
    }

    /// The user may not do this.
    pub fn forbidden(reason: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Forbidden, reason, message)
    }

    /// What it is about does not exist, or not for this user.
    pub fn not_found(reason: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorCode::NotFound, reason, message)
    }

    /// A rule forbids it in the present state.
    pub fn conflict(reason: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Conflict, reason, message)
    }
}
