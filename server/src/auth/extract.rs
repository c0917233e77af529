//! Who calls, from the headers of a request.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use jiff::Timestamp;
use satchel_protocol::ErrorCode;
use uuid::Uuid;

use super::Auth;
use crate::{database::Caller, error::ApiError};

/// Names the organization a call acts in (R1).
pub const ORG_HEADER: &str = "x-org-id";

/// A signed-in user who acts in an organization. Whether the user is in it, the database decides.
#[derive(Clone, Copy, Debug)]
pub struct Authenticated {
    /// Who, and where.
    pub caller: Caller,
    /// The session: all tokens since one sign-in.
    pub session_id: Uuid,
    /// When the access token expires.
    pub token_expires_at: Timestamp,
}

impl Authenticated {
    /// Seconds until the access token expires, at `now`; negative after it did.
    pub fn expires_in_s(&self, now: Timestamp) -> i64 {
        self.token_expires_at.duration_since(now).as_secs()
    }
}

impl<S: Sync> FromRequestParts<S> for Authenticated
where
    Auth: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers)?;
        let org_id = organization(&parts.headers)?;
        Auth::from_ref(state).check(token, org_id)
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, ApiError> {
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    text.and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| {
            let message = "Send the access token in the header Authorization: Bearer <token>.";
            ApiError::new(ErrorCode::Unauthorized, message)
        })
}

fn organization(headers: &HeaderMap) -> Result<Uuid, ApiError> {
    let message = "Send the organization to act in as the header X-Org-Id: the org_id of one of your memberships.";
    let text = headers.get(ORG_HEADER).ok_or_else(|| ApiError::bad_request(message))?;
    text.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(|| ApiError::bad_request(message))
}
