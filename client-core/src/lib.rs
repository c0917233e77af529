//! Satchel's client core: a replica in SQLite, a durable queue, and the engine that keeps both in step with a server.

pub mod error;
pub mod observe;
pub mod reader;
pub mod store;

pub use error::StoreError;
pub use observe::Observation;
pub use reader::Reader;
pub use store::Store;
