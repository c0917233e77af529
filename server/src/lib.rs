//! The server of Satchel.

pub mod cluster;
