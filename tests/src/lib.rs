//! What tests that cross crates share. The tests themselves are in `tests/tests/`.
//!
//! - [`catalogue`]: what the database says about its own isolation.
//! - [`contractor`]: a small contractor made row by row, and the server's push under it.
//! - [`database`]: migrated databases.
//! - [`postgres`]: private Postgres clusters and fresh databases for tests.
//! - [`tenants`]: two tenants, for tests of who sees what.

pub mod catalogue;
pub mod contractor;
pub mod database;
pub mod postgres;
pub mod tenants;
