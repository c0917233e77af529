//! Signing in (R4): e-mail address and password to a short access token and a rotating refresh token.
//!
//! Invariants:
//! - An unknown address, a wrong password and a user who is no longer active get the same answer after the same work.
//! - Neither passwords nor tokens are stored, logged or printed; of a refresh token only a keyed hash is kept.
//! - A refresh token works once, and again only until its successor has been used, because the answer that carried the
//!   successor may have been lost. Showing an older one means that somebody else has a copy: the session ends.
//! - A token names a user. What the user may do in an organization is decided by the database, in every transaction.

mod access;
mod extract;
pub mod password;
mod refresh;
mod routes;
mod secrets;
mod sessions;
mod throttle;

pub use self::{
    access::ACCESS_S,
    extract::{Authenticated, ORG_HEADER},
    refresh::REFRESH_DAYS,
    routes::router,
    secrets::{ACCESS_VARIABLE, REFRESH_VARIABLE, SECRET_BYTES, Secrets, SecretsError},
    sessions::Auth,
    throttle::{ADDRESS_ATTEMPTS, EMAIL_ATTEMPTS, WINDOW_S},
};
