//! Accounts (R1, R4): what was given can be taken back, by whom, and how soon; machines, issuers and secrets.

mod api_keys;
mod guessing;
mod issuers;
mod organizations;
mod revocation;
mod secrets;
mod support;
mod wipe;
