//! Signing in (R4).

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `POST /api/v1/auth/sign-in`.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct SignIn {
    /// The user's e-mail address; case does not matter.
    pub email: String,
    /// The password.
    pub password: String,
}

/// `POST /api/v1/auth/refresh` and `POST /api/v1/auth/sign-out`.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct Refresh {
    /// The newest refresh token.
    pub refresh_token: String,
}

/// What a signed-in client holds.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct Session {
    /// Bearer token for every call.
    pub access_token: String,
    /// Seconds until it expires.
    pub access_expires_in_s: u64,
    /// Exchanged for a new session; each works once, and until its successor has been used.
    pub refresh_token: String,
    /// Who signed in.
    pub user_id: Uuid,
    /// The organizations the user may act in; every call names one in `X-Org-Id` (R1).
    pub memberships: Vec<Membership>,
}

/// A user's place in an organization.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Membership {
    /// The organization.
    pub org_id: Uuid,
    /// Its name.
    pub org_name: String,
    /// The user's roles in it.
    pub roles: Vec<String>,
    /// The user's technician row in it.
    pub technician_id: Option<Uuid>,
}

/// The header in which an app says what it is, for the list of devices: `<platform>; <version>`, such as
/// `android 15; 2.4.1`.
pub const APP_HEADER: &str = "satchel-app";

/// `POST /api/v1/auth/password`. Ends the user's other sessions.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct ChangePassword {
    /// The password until now.
    pub current_password: String,
    /// The password from now on.
    pub new_password: String,
}

/// `POST /api/v1/auth/exchange`: a token of an external issuer for a session.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct Exchange {
    /// The issuer's ID token: a JSON Web Token for this server as audience.
    pub token: String,
}

/// A page of `GET /api/v1/auth/devices`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Devices {
    /// By id.
    pub devices: Vec<Device>,
    /// Send it as `after` for the next page; null on the last.
    pub next: Option<Uuid>,
}

/// A phone, as the server knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Device {
    /// The device id it pushes and pulls under.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// The user's name.
    pub user_name: String,
    /// What it runs on, if it says so.
    pub platform: Option<String>,
    /// Which app, if it says so.
    pub app_version: Option<String>,
    /// The highest sequence number with a verdict.
    pub last_seq: u64,
    /// When it came first.
    pub created_at: Timestamp,
    /// When it was here last, give or take ten minutes.
    pub last_seen_at: Timestamp,
    /// The session it uses; null when it is signed out.
    pub session_id: Option<Uuid>,
    /// When it was signed out by revoking it; null when it has signed in since.
    pub revoked_at: Option<Timestamp>,
    /// When it was asked to clear itself.
    #[serde(default)]
    pub wipe_asked_at: Option<Timestamp>,
    /// When it said that it has.
    #[serde(default)]
    pub wiped_at: Option<Timestamp>,
}

/// `POST /api/v1/auth/wipe-policy`: how the organization's devices clear themselves when asked to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WipePolicy {
    /// `after_upload`, as without a policy, or `at_once`.
    pub wipe: super::Wipe,
}

/// Answers `GET /api/v1/auth/sessions`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sessions {
    /// The caller's own, newest first.
    pub sessions: Vec<OpenSession>,
}

/// A session that has not ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpenSession {
    /// Its id.
    pub id: Uuid,
    /// Whether it is the one that asks.
    #[serde(default)]
    pub current: bool,
    /// When its user signed in.
    pub created_at: Timestamp,
    /// When it was refreshed last.
    pub last_used_at: Timestamp,
    /// When it ends unless it is refreshed.
    pub expires_at: Timestamp,
    /// The devices that use it; none for a browser.
    pub device_ids: Vec<Uuid>,
}

/// `POST /api/v1/auth/api-keys`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateApiKey {
    /// What it is for, for people.
    pub name: String,
    /// The one role of the key's member; `delegated_agent` unless told.
    #[serde(default = "delegated_agent")]
    pub role: String,
    /// Days until it expires; 365 unless told.
    #[serde(default = "a_year")]
    pub expires_in_days: u32,
}

fn delegated_agent() -> String {
    "delegated_agent".to_owned()
}

const fn a_year() -> u32 {
    365
}

/// A key that was made.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct CreatedApiKey {
    /// The key's id.
    pub id: Uuid,
    /// The bearer token. Shown this once and stored nowhere.
    pub secret: String,
}

/// A page of `GET /api/v1/auth/api-keys`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ApiKeys {
    /// By id, which is about by age.
    pub api_keys: Vec<ApiKey>,
    /// Send it as `after` for the next page; null on the last.
    pub next: Option<Uuid>,
}

/// A key, without its secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ApiKey {
    /// Its id, which is also part of the secret.
    pub id: Uuid,
    /// The member it acts as.
    pub user_id: Uuid,
    /// What it is for.
    pub name: String,
    /// The member's role.
    pub role: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Uuid,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used last, give or take ten minutes.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}
