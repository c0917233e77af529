//! What tests that cross crates share. The tests themselves are in `tests/tests/`.
//!
//! - [`catalogue`]: what the database says about its own isolation.
//! - [`clock`]: a device whose clock somebody sets.
//! - [`contractor`]: a small contractor made row by row, and the server's push under it.
//! - [`database`]: migrated databases.
//! - [`oracle`]: rows as Postgres itself spells them, shared with the demonstrations.
//! - [`phone`]: real phones, the client core behind a proxy.
//! - [`postgres`]: private Postgres clusters and fresh databases for tests.
//! - [`proxy`]: a wire that can be cut, slowed and counted, shared with the demonstrations.
//! - [`replica`]: what a phone holds, by the plainest means.
//! - [`server`]: an in-process server on a port of its own, and clients of it.
//! - [`tls`]: https before a server that speaks http.
//! - [`tenants`]: two tenants, for tests of who sees what.

pub mod catalogue;
pub mod clock;
pub mod contractor;
pub mod database;
pub mod phone;
pub mod postgres;
pub mod replica;
pub mod server;
pub mod tenants;
pub mod tls;

pub use satchel_stage::{oracle, proxy};
