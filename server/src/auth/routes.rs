//! `POST /api/v1/auth/sign-in`, `refresh` and `sign-out`.

use std::net::SocketAddr;

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, FromRef, State, rejection::BytesRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use satchel_protocol::wire::auth::{Refresh, Session, SignIn};
use serde::de::DeserializeOwned;

use super::Auth;
use crate::error::ApiError;

/// Bytes of the largest body of these routes.
const BODY_BYTES: usize = 16 * 1024;

/// The routes.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S>
where
    Auth: FromRef<S>,
{
    Router::new()
        .route("/api/v1/auth/sign-in", post(sign_in))
        .route("/api/v1/auth/refresh", post(refresh))
        .route("/api/v1/auth/sign-out", post(sign_out))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}

async fn sign_in(
    State(auth): State<Auth>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let SignIn { email, password } = read(body, "email, password")?;
    let address = peer.map(|Extension(ConnectInfo(peer))| peer.ip());
    auth.sign_in(&email, &password, address).await.map(answer)
}

async fn refresh(State(auth): State<Auth>, body: Result<Bytes, BytesRejection>) -> Result<Response, ApiError> {
    let Refresh { refresh_token } = read(body, "refresh_token")?;
    auth.refresh(&refresh_token).await.map(answer)
}

async fn sign_out(State(auth): State<Auth>, body: Result<Bytes, BytesRejection>) -> Result<StatusCode, ApiError> {
    let Refresh { refresh_token } = read(body, "refresh_token")?;
    auth.sign_out(&refresh_token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tokens must not be kept by anything between.
fn answer(session: Session) -> Response {
    let mut response = Json(session).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn read<T: DeserializeOwned>(body: Result<Bytes, BytesRejection>, fields: &str) -> Result<T, ApiError> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large("The body", BODY_BYTES, "bytes"),
        _ => ApiError::bad_request("The body could not be received whole."),
    })?;
    // serde's own message may quote a password.
    serde_json::from_slice(&body)
        .map_err(|_| ApiError::bad_request(format!("The body must be a JSON object with the text fields: {fields}.")))
}
