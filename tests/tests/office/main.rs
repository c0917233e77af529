//! What offices and other programs ask of the server by HTTP: accounts, procedures, queries, money, stock, the inbox.
//!
//! One program, because each program of tests starts a Postgres of its own.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod accounts;
mod api_guide;
mod audit;
mod billing;
mod board;
mod diagnostics;
mod estimates;
mod http;
mod inbox;
mod inbox_scopes;
mod maintenance;
mod queries;
mod readiness;
mod refresh_tokens;
mod rescue;
mod rpc;
mod sign_in;
mod stock;
mod workforce;
