//! Requests, and what an answer that is not the expected one means.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header,
    http::request::Builder,
};
use satchel_protocol::{
    ErrorBody, ErrorCode, ErrorEnvelope,
    wire::{PushRequest, PushResponse, auth::APP_HEADER},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::timeout;
use uuid::Uuid;

use super::{MESSAGE_BYTES, Network, REQUEST_TIME};
use crate::engine::Failure;

/// Bytes of an error answer that are read.
const ERROR_BYTES: usize = 64 * 1024;

impl Network {
    /// A request with the caller's token and organization.
    pub(super) fn request(&self, method: Method, path: &str, token: &str, org_id: Uuid) -> Builder {
        Request::builder()
            .method(method)
            .uri(self.uri(path))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("X-Org-Id", org_id.to_string())
            .header(APP_HEADER, self.app.clone())
    }

    /// `POST /api/v1/sync/push`.
    pub(super) async fn push(&self, token: &str, org_id: Uuid, push: &PushRequest) -> Result<PushResponse, Failure> {
        let request = self.request(Method::POST, "api/v1/sync/push", token, org_id);
        read(&self.exchange(with_json(request, push)?).await?)
    }

    /// A post without a token, for signing in.
    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Failure> {
        read(&self.post_only(path, body).await?)
    }

    /// A post of nothing with the caller's token, whose answer is not looked at.
    pub(crate) async fn post_as(&self, path: &str, token: &str, org_id: Uuid) -> Result<(), Failure> {
        let request = self.request(Method::POST, path, token, org_id);
        self.exchange(with_json(request, &serde_json::Map::new())?).await.map(drop)
    }

    /// A post whose answer is not looked at.
    pub(crate) async fn post_only(&self, path: &str, body: &impl Serialize) -> Result<Bytes, Failure> {
        let request = Request::builder().method(Method::POST).uri(self.uri(path));
        self.exchange(with_json(request, body)?).await
    }

    /// Sends a request and reads the whole body of a successful answer, within [`REQUEST_TIME`].
    pub(super) async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Bytes, Failure> {
        let work = async {
            let body = self.begin(request).await?.into_body();
            let body = Limited::new(body, MESSAGE_BYTES).collect().await.map_err(|_| broke_off())?;
            Ok(body.to_bytes())
        };
        within(REQUEST_TIME, work).await
    }

    /// Sends a request and gives a successful answer, its body unread.
    pub(super) async fn begin(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Failure> {
        let response = self.http.request(request).await.map_err(|error| match error.is_connect() {
            true if untrusted(&error) => distrust(),
            true => Failure::unreachable("The server cannot be reached."),
            false => broke_off(),
        })?;
        if response.status().is_success() {
            return Ok(response);
        }
        let (status, retry_after_ms) = (response.status(), retry_after_ms(response.headers()));
        let body = Limited::new(response.into_body(), ERROR_BYTES).collect().await;
        let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        Err(refusal(status.as_u16(), &body, retry_after_ms))
    }
}

/// A request with a JSON body.
pub(super) fn with_json(request: Builder, body: &impl Serialize) -> Result<Request<Full<Bytes>>, Failure> {
    let fault = || Failure::permanent("The app cannot write a request.");
    let body = serde_json::to_vec(body).map_err(|_| fault())?;
    request.header(header::CONTENT_TYPE, "application/json").body(Full::new(body.into())).map_err(|_| fault())
}

async fn within<T>(time: Duration, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let late = || Failure::network("The server did not answer in time.");
    timeout(time, work).await.unwrap_or_else(|_| Err(late()))
}

/// The JSON of a successful answer.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|_| imposter())
}

/// What an answer with an error status means, with or without the server's envelope.
pub(super) fn refusal(status: u16, body: &[u8], retry_after_ms: Option<u64>) -> Failure {
    let mut failure = match serde_json::from_slice::<ErrorEnvelope>(body) {
        Ok(ErrorEnvelope { error }) => Failure::from(error),
        Err(_) => bare(status),
    };
    failure.retry_after_ms = failure.retry_after_ms.or(retry_after_ms);
    failure
}

/// An error status without an envelope: from something in between, or a server that lost its body on the way.
fn bare(status: u16) -> Failure {
    let code = match StatusCode::from_u16(status) {
        Ok(StatusCode::UNAUTHORIZED) => ErrorCode::Unauthorized,
        Ok(StatusCode::PAYLOAD_TOO_LARGE) => ErrorCode::PayloadTooLarge,
        Ok(StatusCode::TOO_MANY_REQUESTS) => ErrorCode::TooManyRequests,
        Ok(
            StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
            | StatusCode::INTERNAL_SERVER_ERROR,
        ) => ErrorCode::ServiceUnavailable,
        _ => {
            return Failure::transport_refused(format!(
                "Something between this device and the server answered {status} in its place."
            ));
        }
    };
    let message = format!("The server, or something before it, answered {status}.");
    Failure::from(ErrorBody { code, message, trace_id: String::new(), details: serde_json::Value::Null })
}

/// Seconds in `Retry-After`, as milliseconds.
pub(super) fn retry_after_ms(headers: &HeaderMap) -> Option<u64> {
    let seconds: u64 = headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(seconds.saturating_mul(1_000))
}

/// The other side could not prove that it is the server.
pub(super) fn distrust() -> Failure {
    Failure::unreachable(
        "The server's certificate is not trusted; if this is a public Wi-Fi, open a browser and sign in to it.",
    )
}

/// Whether an error comes from TLS.
#[cfg(feature = "tls")]
pub(super) fn untrusted(error: &(dyn std::error::Error + 'static)) -> bool {
    // An I/O error hides what it wraps from `source`.
    let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>() || inner.is_some_and(|inner| untrusted(inner)) || error.source().is_some_and(untrusted)
}

/// Whether an error comes from TLS.
#[cfg(not(feature = "tls"))]
pub(super) fn untrusted(_: &(dyn std::error::Error + 'static)) -> bool {
    false
}

/// The connection broke in the middle.
pub(super) fn broke_off() -> Failure {
    Failure::network("The connection to the server broke.")
}

/// A success that is not the server's: a captive portal's page.
pub(super) fn imposter() -> Failure {
    Failure::network(
        "Something else answered in the server's place; if this is a public Wi-Fi, open a browser and sign in to it.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Class, Reach};

    #[test]
    fn an_envelope_is_understood_and_its_absence_too() {
        let body = br#"{"error":{"code":"SEQUENCE_GAP","message":"m","trace_id":"t","details":{"expected_seq":7}}}"#;
        let gap = refusal(409, body, None);
        assert_eq!((gap.code, gap.expected_seq, gap.class), (Some(ErrorCode::SequenceGap), Some(7), Class::Permanent));
        assert_eq!(refusal(401, b"", None).class, Class::SignIn);
        let busy = refusal(503, b"<html>", Some(9_000));
        assert_eq!((busy.class, busy.retry_after_ms), (Class::Later, Some(9_000)));
        let portal = refusal(302, b"", None);
        assert_eq!((portal.class, portal.reach), (Class::Network, Reach::Refused));
    }
}
