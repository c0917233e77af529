//! Around every request: its trace id, its time limit, and one shape for everything that goes wrong.

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;
use satchel_protocol::{ErrorCode, limits};
use tokio::time::{Instant, timeout};
use tracing::Instrument as _;
use uuid::Uuid;

use super::AppState;
use crate::{error::ApiError, trace};

/// Seconds until a request is given up. Streams are answered at once and do not count.
pub const REQUEST_MAX_S: u64 = 60;

/// Runs a request under a trace id, and makes every failure an envelope.
pub(super) async fn serve(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    state.proxies.note(&mut request);
    let stated = request.headers().get(trace::TRACE_HEADER).and_then(|value| value.to_str().ok());
    let trace_id = stated.and_then(|text| Uuid::try_parse(text).ok()).unwrap_or_else(Uuid::now_v7);
    let path = request.extensions().get::<MatchedPath>().map_or("unmatched", |path| path.as_str()).to_owned();
    let span = tracing::info_span!("request", %trace_id, method = %request.method(), path);
    let work = async {
        let begun = Instant::now();
        let mut response = enveloped(run(request, next).await);
        if let Ok(value) = HeaderValue::from_str(&trace_id.to_string()) {
            response.headers_mut().insert(trace::TRACE_HEADER, value);
        }
        state.metrics.answered(response.status());
        let (status, elapsed_ms) = (response.status().as_u16(), begun.elapsed().as_millis());
        tracing::debug!(status, elapsed_ms, "answered");
        response
    };
    trace::scope(trace_id, work.instrument(span)).await
}

async fn run(request: Request, next: Next) -> Response {
    let guarded = AssertUnwindSafe(next.run(request)).catch_unwind();
    match timeout(Duration::from_secs(REQUEST_MAX_S), guarded).await {
        Ok(Ok(response)) => response,
        // The panic's own message is in the log already, by the panic hook.
        Ok(Err(_)) => ApiError::internal("a handler panicked").into_response(),
        Err(_) => ApiError::unavailable("The request took too long and was given up.").into_response(),
    }
}

/// Replaces an error answer that is not an envelope yet: those of the framework.
fn enveloped(response: Response) -> Response {
    let status = response.status();
    let json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if json || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let error = match status {
        StatusCode::NOT_FOUND => ApiError::new(ErrorCode::NotFound, "There is nothing at this address."),
        StatusCode::METHOD_NOT_ALLOWED => {
            ApiError::bad_request("This address does not take this method.").with_status(status)
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            ApiError::bad_request("Send the body as application/json.").with_status(status)
        }
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large("The body", limits::BODY_BYTES, "bytes"),
        status if status.is_client_error() => {
            ApiError::bad_request("The request is not one this server understands.").with_status(status)
        }
        status => ApiError::internal("a handler answered without an envelope").with_status(status),
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut replaced = error.into_response();
    if let Some(allow) = allow {
        replaced.headers_mut().insert(header::ALLOW, allow);
    }
    replaced
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware, routing::get};
    use tower::Service as _;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_envelope_without_its_message() {
        async fn stumble() -> StatusCode {
            panic!("the customer's name")
        }
        let mut routes = Router::new().route("/", get(stumble)).layer(middleware::from_fn(run));
        let response = routes.call(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let envelope: satchel_protocol::ErrorEnvelope = serde_json::from_slice(&body).unwrap();
        assert_eq!(envelope.error.code, ErrorCode::InternalServerError);
        assert!(!envelope.error.message.contains("customer"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_takes_too_long_is_given_up() {
        let mut routes = Router::new().route("/", get(std::future::pending::<()>)).layer(middleware::from_fn(run));
        let response = routes.call(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
