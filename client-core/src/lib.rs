//! Satchel's client core: a replica in SQLite, a durable queue, and the engine that keeps both in step with a server.

pub mod client;
pub mod clock;
mod db;
mod driver;
pub mod engine;
pub mod error;
pub mod notes;
pub mod observe;
mod queue;
mod rebase;
mod replica;
pub mod session;
#[cfg(feature = "simulation")]
pub mod simulation;
#[cfg(not(feature = "simulation"))]
mod simulation;
pub mod status;
pub mod store;
pub mod transport;
pub mod work;

pub use client::{Client, ClientError, ClientOptions};
pub use db::{
    key::{FileKey, KEY_BYTES},
    reader::{self, Reader},
};
pub use error::StoreError;
pub use observe::Observation;
pub use satchel_rescue as rescue;
pub use status::{Connection, Status};
pub use store::Store;
