//! Accounts (R1, R4): what was given can be taken back, by whom, and how soon; machines, issuers and secrets.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "accounts/api_keys.rs"]
mod api_keys;
#[path = "accounts/guessing.rs"]
mod guessing;
#[path = "accounts/issuers.rs"]
mod issuers;
#[path = "accounts/organizations.rs"]
mod organizations;
#[path = "accounts/revocation.rs"]
mod revocation;
#[path = "accounts/secrets.rs"]
mod secrets;
#[path = "accounts/support.rs"]
mod support;
#[path = "accounts/wipe.rs"]
mod wipe;
