//! The local store against a server in memory that runs the same rules.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic as its tests do")]

mod corpus;
#[cfg(feature = "encrypted")]
mod encrypted;
mod holds;
mod look;
mod model;
mod open;
mod pages;
mod permissions;
mod phone;
mod queue;
mod rescue;
mod restored;
mod server;
mod wipe;

use satchel_trade as trade;
