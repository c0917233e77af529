//! Signing in (R4).

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
