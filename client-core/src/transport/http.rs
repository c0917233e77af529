//! Requests, and what an answer that is not the expected one means.

use reqwest::{RequestBuilder, Response, StatusCode, header};
use satchel_protocol::{ErrorBody, ErrorCode, ErrorEnvelope, wire::PushRequest, wire::PushResponse};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Network, REQUEST_TIME};
use crate::engine::Failure;

/// Bytes of an error answer that are read.
const ERROR_BYTES: usize = 64 * 1024;

impl Network {
    /// A request with the caller's token and organization.
    pub(super) fn request(&self, method: reqwest::Method, path: &str, token: &str, org_id: Uuid) -> RequestBuilder {
        self.http.request(method, self.url(path)).bearer_auth(token).header("X-Org-Id", org_id.to_string())
    }

    /// `POST /api/v1/sync/push`.
    pub(super) async fn push(&self, token: &str, org_id: Uuid, push: &PushRequest) -> Result<PushResponse, Failure> {
        let request = self.request(reqwest::Method::POST, "api/v1/sync/push", token, org_id).json(push);
        answer(request.timeout(REQUEST_TIME).send().await).await
    }

    /// A post without a token, for signing in.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl serde::Serialize,
    ) -> Result<T, Failure> {
        answer(self.http.post(self.url(path)).json(body).timeout(REQUEST_TIME).send().await).await
    }

    /// A post whose answer has no body.
    pub(crate) async fn post_only(&self, path: &str, body: &impl serde::Serialize) -> Result<(), Failure> {
        let sent = self.http.post(self.url(path)).json(body).timeout(REQUEST_TIME).send().await;
        success(sent).await.map(drop)
    }
}

/// The JSON of a successful answer.
pub(super) async fn answer<T: DeserializeOwned>(sent: Result<Response, reqwest::Error>) -> Result<T, Failure> {
    let bytes = success(sent).await?.bytes().await.map_err(|error| broken(&error))?;
    serde_json::from_slice(&bytes).map_err(|_| imposter())
}

/// The answer, if it is a success.
pub(super) async fn success(sent: Result<Response, reqwest::Error>) -> Result<Response, Failure> {
    let response = sent.map_err(|error| broken(&error))?;
    if response.status().is_success() {
        return Ok(response);
    }
    let (status, retry_after_ms) = (response.status(), retry_after_ms(response.headers()));
    let mut body = Vec::new();
    let mut response = response;
    while body.len() < ERROR_BYTES {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            _ => break,
        }
    }
    Err(refusal(status.as_u16(), &body, retry_after_ms))
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
pub(super) fn retry_after_ms(headers: &header::HeaderMap) -> Option<u64> {
    let seconds: u64 = headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(seconds.saturating_mul(1_000))
}

/// No answer, or one that broke off.
pub(super) fn broken(error: &reqwest::Error) -> Failure {
    if error.is_connect() {
        Failure::unreachable("The server cannot be reached.")
    } else if error.is_timeout() {
        Failure::network("The server did not answer in time.")
    } else {
        Failure::network("The connection to the server broke.")
    }
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
