//! What tests that cross crates share. The tests themselves are in `tests/tests/`.
//!
//! - [`postgres`]: private Postgres clusters and fresh databases for tests.

pub mod postgres;
