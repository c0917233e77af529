//! JSON bodies, bounded and with errors a person can act on.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};
use satchel_protocol::limits;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::error::ApiError;

/// A body that is JSON of shape `T`. Raw values in it keep their bytes.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(ApiError::bad_request("Send the body as application/json.")
                .with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large("The body", limits::BODY_BYTES, "bytes"),
            _ => ApiError::bad_request("The body broke off."),
        })?;
        from_json("The body", &bytes).map(Self)
    }
}

/// Decodes JSON. The error names the place, never the value.
pub(crate) fn from_json<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes).map_err(|error| {
        let expected = match error.classify() {
            serde_json::error::Category::Data => "does not have the fields and types of its schema",
            _ => "is not well-formed JSON",
        };
        ApiError::bad_request(format!("{what} {expected} (line {}, column {}).", error.line(), error.column()))
            .with_details(json!({ "line": error.line(), "column": error.column() }))
    })
}
