//! `POST /api/v1/sync/push` and `POST /api/v1/sync/pull`.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use satchel_protocol::wire::{PullRequest, PushRequest, PushResponse};
use tracing::Instrument as _;

use super::{AppState, JsonBody};
use crate::{
    auth::Authenticated,
    database::Caller,
    error::ApiError,
    push::{self, Pusher},
    trace,
};

/// Mutations in order, answered by verdicts.
pub(super) async fn push(
    State(state): State<AppState>,
    authenticated: Authenticated,
    JsonBody(request): JsonBody<PushRequest>,
) -> Result<Json<PushResponse>, ApiError> {
    state.auth.note_device(authenticated.caller, request.device_id, authenticated.app.as_ref());
    run_push(&state, authenticated.caller, request).await.map(Json)
}

/// Runs a push to its end, whether or not anybody still waits for it.
pub(crate) async fn run_push(state: &AppState, caller: Caller, request: PushRequest) -> Result<PushResponse, ApiError> {
    let pusher = Pusher::from(state);
    let work = async move { push::push(&pusher, &caller, request).await };
    let task = state.tasks.spawn(trace::scope(trace::current(), work.in_current_span()));
    let result = task.await.unwrap_or_else(|failure| Err(ApiError::internal(failure)));
    state.metrics.pushed(&result);
    result
}

/// What a replica holds, answered by one page.
pub(super) async fn pull(
    State(state): State<AppState>,
    authenticated: Authenticated,
    JsonBody(request): JsonBody<PullRequest>,
) -> Result<Response, ApiError> {
    state.auth.note_device(authenticated.caller, request.device_id, authenticated.app.as_ref());
    let page = state.puller.page(&authenticated.caller, &request).await?;
    state.metrics.pulled(&page);
    Ok(([(header::CONTENT_TYPE, "application/json")], page.json).into_response())
}
