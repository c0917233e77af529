//! `POST /api/v1/rpc/{namespace}/{version}/{procedure}`: one mutation for clients without a replica (R5, R6).
//!
//! Invariants: the same rules, ledger and verdicts as a push; the body is the arguments, the answer is the output.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::post,
};
use satchel_protocol::ErrorCode;
use serde_json::{json, value::RawValue};
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    error::ApiError,
    http::AppState,
    push::{self, Pusher},
};

/// The header that makes a repeat harmless.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

impl From<&AppState> for Pusher {
    fn from(state: &AppState) -> Self {
        Self::new(state.database.clone(), state.hub.clone(), state.registry)
    }
}

/// The route.
pub fn router() -> Router<AppState> {
    Router::new().route("/api/v1/rpc/{namespace}/{version}/{procedure}", post(call))
}

async fn call(
    State(state): State<AppState>,
    authenticated: Authenticated,
    Path((namespace, version, procedure)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let name = format!("{namespace}/{version}/{procedure}");
    if state.registry.mutation(&name).is_none() {
        let message = "There is no procedure of this name. /api/openapi.json lists them all.";
        return Err(ApiError::new(ErrorCode::NotFound, message));
    }
    let key = idempotency_key(&headers)?;
    let args: Box<RawValue> = serde_json::from_slice(&body).map_err(|error| {
        let place = json!({ "line": error.line(), "column": error.column() });
        ApiError::bad_request("The body is not JSON; it holds the procedure's arguments.").with_details(place)
    })?;
    let output = push::single(&Pusher::from(&state), &authenticated.caller, key, &name, args).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], output.to_string()).into_response())
}

fn idempotency_key(headers: &HeaderMap) -> Result<Uuid, ApiError> {
    let text = headers.get(IDEMPOTENCY_KEY).ok_or_else(|| {
        ApiError::bad_request("The header Idempotency-Key is missing: a UUID, the same for every repeat of this call.")
    })?;
    let key = text.to_str().ok().and_then(|text| text.parse().ok());
    key.ok_or_else(|| ApiError::bad_request("The header Idempotency-Key is not a UUID."))
}
