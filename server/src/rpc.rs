//! `POST /api/v1/rpc/{namespace}/{version}/{procedure}`: one mutation or query for clients without a replica (R5, R6).
//!
//! Invariants:
//! - The body is the arguments, the answer is the output.
//! - A mutation has the same rules, ledger and verdicts as in a push.
//! - A query needs no idempotency key: it changes nothing.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::post,
};
use satchel_protocol::ErrorCode;
use serde_json::value::RawValue;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{
    auth::Authenticated,
    error::ApiError,
    http::{AppState, JsonBody},
    push::{self, Pusher},
    query, trace,
};

/// The header that makes a repeat harmless.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

impl From<&AppState> for Pusher {
    fn from(state: &AppState) -> Self {
        Self::new(state.database.clone(), state.hub.clone(), state.registry, state.policy.clone())
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
    JsonBody(args): JsonBody<Box<RawValue>>,
) -> Result<Response, ApiError> {
    let name = format!("{namespace}/{version}/{procedure}");
    let caller = authenticated.caller;
    if let Some(query) = state.registry.query(&name) {
        let answer = query::answer(&state.policy, &state.database, &caller, query, &args).await?;
        return Ok(json(answer));
    }
    if state.registry.mutation(&name).is_none() {
        let message = "There is no procedure of this name. /api/openapi.json lists them all.";
        return Err(ApiError::new(ErrorCode::NotFound, message));
    }
    let key = idempotency_key(&headers)?;
    let pusher = Pusher::from(&state);
    let work = async move { push::single(&pusher, &caller, key, &name, args).await };
    // A mutation that was taken in is finished even if its connection is gone.
    let task = state.tasks.spawn(trace::scope(trace::current(), work.in_current_span()));
    let output = task.await.unwrap_or_else(|failure| Err(ApiError::internal(failure)))?;
    Ok(json(output.to_string()))
}

fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn idempotency_key(headers: &HeaderMap) -> Result<Uuid, ApiError> {
    let text = headers.get(IDEMPOTENCY_KEY).ok_or_else(|| {
        ApiError::bad_request("The header Idempotency-Key is missing: a UUID, the same for every repeat of this call.")
    })?;
    let key = text.to_str().ok().and_then(|text| text.parse().ok());
    key.ok_or_else(|| ApiError::bad_request("The header Idempotency-Key is not a UUID."))
}
