//! The local store against a server in memory that runs the same rules.

mod model;
mod phone;
mod queue;
mod server;
mod trade;
