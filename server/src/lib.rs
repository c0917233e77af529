//! The server of Satchel.

pub mod auth;
pub mod bulk;
pub mod cluster;
pub mod database;
pub mod error;
pub mod import;
pub mod migrate;
pub mod seed;
pub mod trace;
