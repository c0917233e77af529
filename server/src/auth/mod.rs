//! Accounts (R4): signing in by password or by an external issuer, sessions, devices, and keys for machines.
//!
//! Invariants:
//! - An unknown address, a wrong password and a user who is no longer active get the same answer after the same work.
//! - Neither passwords nor tokens nor keys are stored, logged or printed; of each only a hash is kept.
//! - A refresh token works once, and again only until its successor has been used, because the answer that carried the
//!   successor may have been lost. Showing an older one means that somebody else has a copy: the session ends.
//! - A token names a user and a session. What the user may do in an organization, and whether the session still stands, is
//!   decided by the database, in every transaction. Whoever takes something back tells the change feed, so that open
//!   streams look again at once.
//!
//! Reading order: [`sessions`] → `guessing` and `throttle` → `extract` → `api_keys` → [`issuers`] → `presence`; the routes
//! are in `routes` (before the door) and `manage` (behind it).

mod access;
mod api_keys;
mod extract;
mod guessing;
mod hashing;
pub mod issuers;
mod manage;
pub mod password;
mod presence;
mod refresh;
mod routes;
mod secrets;
mod sessions;
mod throttle;

use axum::Router;

pub use self::{
    access::ACCESS_S,
    api_keys::KEY_PREFIX,
    extract::{App, Authenticated, ORG_HEADER},
    guessing::{ACCOUNT_ATTEMPTS, FORGET_S, KNOWN_PLACE_DAYS, PAUSE_FIRST_S, PAUSE_MAX_S, PLACE_ATTEMPTS},
    manage::{KEY_DAYS_MAX, KEYS_MAX, PAGE_ROWS, SESSIONS_MAX},
    presence::PRESENCE_S,
    refresh::REFRESH_DAYS,
    secrets::{
        ACCESS_PREVIOUS_VARIABLE, ACCESS_VARIABLE, REFRESH_PREVIOUS_VARIABLE, REFRESH_VARIABLE, SECRET_BYTES, Secrets,
        SecretsError,
    },
    sessions::{Auth, PASSWORD_BYTES_MIN},
    throttle::{REFRESHES, SIGN_INS, UNKNOWN_TOKENS, WINDOW_S},
};
use crate::http::AppState;

/// All routes below `/api/v1/auth`.
pub fn router() -> Router<AppState> {
    routes::router().merge(manage::router())
}
