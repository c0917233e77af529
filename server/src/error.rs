//! The one error that leaves this server, as the envelope of R7.
//!
//! Invariants:
//! - What caused an internal error is logged where it is made and never sent.
//! - A message is a sentence a person can act on, and holds no row contents, tokens or personal data.
//! - `details` always names the retry class.

use std::{error::Error as StdError, fmt};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use satchel_protocol::{
    ErrorBody, ErrorCode, ErrorEnvelope, PROTOCOL_VERSION, PROTOCOL_VERSION_FLOOR, Rejection, ShapeError,
};
use serde_json::{Value, json};

use crate::{
    database::{DatabaseError, Ended},
    trace,
};

/// Seconds a client is asked to wait before it tries again after SERVICE_UNAVAILABLE or TOO_MANY_REQUESTS.
pub const RETRY_AFTER_S: u64 = 2;

/// A failure on its way to a client.
#[derive(Clone, Debug)]
pub struct ApiError {
    code: ErrorCode,
    status: Option<StatusCode>,
    message: String,
    details: Value,
}

impl ApiError {
    /// A failure with a canonical code and a sentence a person can act on.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, status: None, message: message.into(), details: Value::Null }
    }

    /// Malformed or senseless input.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, message)
    }

    /// The server cannot answer now; the client tries again by itself.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::ServiceUnavailable, message)
    }

    /// A named limit was exceeded.
    pub fn too_large(what: &str, limit: usize, unit: &str) -> Self {
        Self::new(ErrorCode::PayloadTooLarge, format!("{what} may have at most {limit} {unit}."))
            .with_details(json!({ "limit": limit, "unit": unit }))
    }

    /// A fault of the server: logs the cause with the trace id, and hides it from the client.
    pub fn internal(source: impl fmt::Display + fmt::Debug) -> Self {
        tracing::error!(trace_id = %trace::current_id(), cause = %source, "internal error");
        Self::new(
            ErrorCode::InternalServerError,
            "Something went wrong on the server. It was logged; trying again later may help.",
        )
    }

    /// Like [`internal`](Self::internal), with every cause below the error in the log.
    pub fn internal_chain(source: &(dyn StdError + 'static)) -> Self {
        let causes: Vec<String> =
            std::iter::successors(Some(source), |&error| error.source()).map(ToString::to_string).collect();
        Self::internal(causes.join(": "))
    }

    /// Adds facts particular to the code. A JSON object; its members are merged over earlier ones.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        match (&mut self.details, details) {
            (Value::Object(known), Value::Object(more)) => known.extend(more),
            (known, more) => *known = more,
        }
        self
    }

    /// Answers with another HTTP status than the code's own, for statuses that have no code: 405, 415.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// The canonical code.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The facts particular to the code, without the retry class.
    pub fn details(&self) -> &Value {
        &self.details
    }

    /// What goes into the envelope, or into a stream's error frame.
    pub fn body(&self) -> ErrorBody {
        let mut details = match &self.details {
            Value::Object(members) => members.clone(),
            _ => serde_json::Map::new(),
        };
        details.entry("retry").or_insert_with(|| json!(self.code.retry()));
        ErrorBody {
            code: self.code,
            message: self.message.clone(),
            trace_id: trace::current_id(),
            details: Value::Object(details),
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.code, self.message)
    }
}

impl StdError for ApiError {}

impl From<ShapeError> for ApiError {
    fn from(error: ShapeError) -> Self {
        Self::bad_request(format!("{error}."))
    }
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        let error = Self::new(rejection.code, rejection.message).with_details(json!({ "reason": rejection.reason }));
        if rejection.details.is_object() { error.with_details(rejection.details) } else { error }
    }
}

impl From<DatabaseError> for ApiError {
    fn from(error: DatabaseError) -> Self {
        match &error {
            DatabaseError::NotAMember => Self::new(
                ErrorCode::Forbidden,
                "You are not an active member of this organization. Ask its office, or choose another one.",
            )
            .with_details(json!({ "reason": "not_a_member" })),
            DatabaseError::Ended(ended) => (*ended).into(),
            DatabaseError::Standby => Self::unavailable(
                "The database behind this server is a standby, which cannot serve changes. Connect to its primary.",
            )
            .with_details(json!({ "reason": "standby" })),
            DatabaseError::Query(_) => Self::internal_chain(&error),
            DatabaseError::Unavailable(_)
            | DatabaseError::TooOld { .. }
            | DatabaseError::UnsafeRole
            | DatabaseError::NotMigrated { .. } => {
                tracing::warn!(trace_id = %trace::current_id(), cause = %error, "the database cannot serve");
                Self::unavailable("The database cannot answer now. Nothing is lost; try again shortly.")
            }
        }
    }
}

impl From<Ended> for ApiError {
    fn from(ended: Ended) -> Self {
        let (code, message) = match ended {
            Ended::Session => (ErrorCode::Unauthorized, "This session was ended. Please sign in again."),
            Ended::Device => (
                ErrorCode::Unauthorized,
                "This device was signed out by its owner or the office. Sign in again if you may; nothing is lost.",
            ),
            Ended::Membership => (
                ErrorCode::Forbidden,
                "You are no longer an active member of this organization. Ask its office; nothing you entered is lost.",
            ),
            Ended::Key => (ErrorCode::Unauthorized, "This API key was revoked. Ask for a new one."),
            Ended::KeyExpired => (ErrorCode::Unauthorized, "This API key has expired. Ask for a new one."),
        };
        Self::new(code, message).with_details(json!({ "reason": ended.reason() }))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status.unwrap_or_else(|| {
            StatusCode::from_u16(self.code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        });
        let wait = matches!(self.code, ErrorCode::ServiceUnavailable | ErrorCode::TooManyRequests);
        let mut response = (status, Json(ErrorEnvelope { error: self.body() })).into_response();
        if wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
        }
        response.extensions_mut().insert(self.code);
        response
    }
}

/// Whether this build speaks a client's wire version.
///
/// # Errors
/// UPGRADE_REQUIRED, with the versions it speaks.
pub fn check_protocol(version: u32) -> Result<(), ApiError> {
    if (PROTOCOL_VERSION_FLOOR..=PROTOCOL_VERSION).contains(&version) {
        return Ok(());
    }
    let message = if version < PROTOCOL_VERSION_FLOOR {
        "This version of the app is too old for the server. Update the app; nothing you entered is lost."
    } else {
        "This version of the app is newer than the server. Wait until the server has been updated."
    };
    Err(ApiError::new(ErrorCode::UpgradeRequired, message)
        .with_details(json!({ "floor": PROTOCOL_VERSION_FLOOR, "version": PROTOCOL_VERSION })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_names_the_retry_class_beside_the_facts() {
        let error = ApiError::new(ErrorCode::CursorStale, "Pull again.").with_details(json!({ "reason": "restart" }));
        assert_eq!(error.body().details, json!({ "reason": "restart", "retry": "never" }));
        assert_eq!(ApiError::unavailable("Later.").body().details, json!({ "retry": "later" }));
    }

    #[test]
    fn an_internal_error_hides_its_cause() {
        let error = ApiError::internal("password=hunter2");
        assert!(!error.message().contains("hunter2"));
        assert_eq!(error.into_response().status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
