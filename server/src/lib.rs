//! The server of Satchel.

pub mod cluster;
pub mod error;
pub mod trace;
