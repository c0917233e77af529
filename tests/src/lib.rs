//! What tests that cross crates share. The tests themselves are in `tests/tests/`.
//!
//! - [`database`]: migrated databases.
//! - [`postgres`]: private Postgres clusters and fresh databases for tests.

pub mod database;
pub mod postgres;
