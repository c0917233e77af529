//! The routes before the door: `POST /api/v1/auth/sign-in`, `exchange`, `refresh`, `sign-out` and `password`.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use satchel_protocol::wire::auth::{ChangePassword, Exchange, Refresh, SignIn};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Auth,
    extract::{Bearer, Peer},
};
use crate::{error::ApiError, http::AppState};

/// Bytes of the largest body of these routes.
pub(super) const BODY_BYTES: usize = 16 * 1024;

/// The routes.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/v1/auth/sign-in", post(sign_in))
        .route("/api/v1/auth/exchange", post(exchange))
        .route("/api/v1/auth/refresh", post(refresh))
        .route("/api/v1/auth/sign-out", post(sign_out))
        .route("/api/v1/auth/password", post(password))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}

/// A body as it was received, or was not.
pub(super) type Body = Result<Bytes, BytesRejection>;

async fn sign_in(State(auth): State<Auth>, Peer(address): Peer, body: Body) -> Result<Response, ApiError> {
    let SignIn { email, password } = read(body, "email, password")?;
    auth.sign_in(&email, &password, address).await.map(unkept)
}

async fn exchange(State(auth): State<Auth>, Peer(address): Peer, body: Body) -> Result<Response, ApiError> {
    let Exchange { token } = read(body, "token")?;
    auth.exchange(&token, address).await.map(unkept)
}

async fn refresh(State(auth): State<Auth>, Peer(address): Peer, body: Body) -> Result<Response, ApiError> {
    let Refresh { refresh_token } = read(body, "refresh_token")?;
    auth.refresh(&refresh_token, address).await.map(unkept)
}

async fn sign_out(State(state): State<AppState>, Peer(address): Peer, body: Body) -> Result<StatusCode, ApiError> {
    let Refresh { refresh_token } = read(body, "refresh_token")?;
    state.auth.sign_out(&refresh_token, address).await?;
    state.hub.signal();
    Ok(StatusCode::NO_CONTENT)
}

async fn password(
    State(state): State<AppState>,
    bearer: Bearer,
    Peer(address): Peer,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let ChangePassword { current_password, new_password } = read(body, "current_password, new_password")?;
    state.auth.change_password(&bearer, &current_password, &new_password, address).await?;
    state.hub.signal();
    Ok(StatusCode::NO_CONTENT)
}

/// What must not be kept by anything between.
pub(super) fn unkept(answer: impl Serialize) -> Response {
    let mut response = Json(answer).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

pub(super) fn read<T: DeserializeOwned>(body: Body, fields: &str) -> Result<T, ApiError> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large("The body", BODY_BYTES, "bytes"),
        _ => ApiError::bad_request("The body could not be received whole."),
    })?;
    // serde's own message may quote a password.
    serde_json::from_slice(&body)
        .map_err(|_| ApiError::bad_request(format!("The body must be a JSON object with the fields: {fields}.")))
}
