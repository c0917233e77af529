//! The server of Satchel.

pub mod auth;
pub mod bulk;
pub mod cli;
pub mod cluster;
pub mod config;
pub mod database;
pub mod error;
pub mod feed;
pub mod health;
pub mod http;
pub mod import;
pub mod migrate;
pub mod openapi;
pub mod policy;
pub mod pull;
pub mod push;
pub mod query;
pub mod rpc;
pub mod seed;
pub mod store;
pub mod stream;
pub mod trace;
pub mod upkeep;
