//! Satchel's client core: a replica in SQLite, a durable queue, and the engine that keeps both in step with a server.

mod db;
pub mod engine;
pub mod error;
pub mod observe;
mod queue;
mod rebase;
mod replica;
pub mod store;
pub mod transport;

pub use error::StoreError;
pub use observe::Observation;
pub use db::reader::{self, Reader};
pub use store::Store;
