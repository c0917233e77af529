//! Who calls, from the headers of a request.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use jiff::Timestamp;
use satchel_protocol::{ErrorCode, wire::auth::APP_HEADER};
use serde_json::json;
use uuid::Uuid;

use super::{Auth, api_keys};
use crate::{database::Caller, error::ApiError, http::ClientAddress};

/// Names the organization a call acts in (R1).
pub const ORG_HEADER: &str = "x-org-id";
/// Characters of the longest name of a platform or an app's version; longer ones are cut.
const APP_CHARS: usize = 64;

/// A signed-in user, or a machine, that acts in an organization. Whether it may, the database decides.
#[derive(Clone, Debug)]
pub struct Authenticated {
    /// Who, and where.
    pub caller: Caller,
    /// When the access token or the API key expires.
    pub token_expires_at: Timestamp,
    /// What the caller's app says it is.
    pub app: Option<Arc<App>>,
}

/// What an app says it is. Shown in lists; nothing depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// What it runs on.
    pub platform: Option<String>,
    /// Its version.
    pub version: Option<String>,
}

/// What a bearer token says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bearer {
    /// Who.
    pub(super) user_id: Uuid,
    /// The session, or the API key.
    pub(super) credential_id: Option<Uuid>,
    /// The only organization it is good for, if it is bound to one.
    pub(super) org_id: Option<Uuid>,
    /// When it ends.
    pub(super) expires_at: Timestamp,
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
        let bearer = Bearer::from_request_parts(parts, state).await?;
        let org_id = organization(&parts.headers)?;
        if bearer.org_id.is_some_and(|only| only != org_id) {
            let message = "This API key belongs to another organization.";
            return Err(ApiError::new(ErrorCode::Forbidden, message).with_details(json!({ "reason": "not_a_member" })));
        }
        Ok(Self {
            caller: Caller { org_id, user_id: bearer.user_id, credential_id: bearer.credential_id },
            token_expires_at: bearer.expires_at,
            app: app(&parts.headers).map(Arc::new),
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Bearer
where
    Auth: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers)?;
        let auth = Auth::from_ref(state);
        if api_keys::is_key(token) { auth.check_key(token, peer(parts)).await } else { auth.check_access(token) }
    }
}

/// Where a request came from, if that is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) Option<IpAddr>);

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(peer(parts)))
    }
}

fn peer(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ClientAddress>().map(|ClientAddress(address)| *address)
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

/// `android 15; 2.4.1`. What is not printable is left out, like what is missing.
fn app(headers: &HeaderMap) -> Option<App> {
    let text = headers.get(APP_HEADER)?.to_str().ok()?;
    let (platform, version) = text.split_once(';').unwrap_or((text, ""));
    let named =
        |part: &str| Some(part.trim().chars().take(APP_CHARS).collect::<String>()).filter(|part| !part.is_empty());
    Some(App { platform: named(platform), version: named(version) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_what_it_says_within_bounds() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(APP_HEADER, text.parse().unwrap());
            app(&headers).map(|app| (app.platform, app.version))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(of("android 15; 2.4.1"), Some((some("android 15"), some("2.4.1"))));
        assert_eq!(of("terminal"), Some((some("terminal"), None)));
        assert_eq!(of(" ; "), Some((None, None)));
        assert_eq!(of(&"x".repeat(1_000)).unwrap().0.unwrap().len(), APP_CHARS);
        assert_eq!(of("\u{fc}ber"), None);
        assert_eq!(app(&HeaderMap::new()), None);
    }
}
