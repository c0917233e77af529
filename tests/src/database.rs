//! Migrated databases for tests.

use satchel_server::migrate;
use sqlx::postgres::PgConnectOptions;

use crate::postgres::{TestDatabase, TestPostgres};

/// A new database with this build's schema and no rows, in the cluster that all tests of the process share.
///
/// # Panics
/// When there is no Postgres or the migrations fail.
pub async fn fresh() -> TestDatabase {
    fresh_in(TestPostgres::shared()).await
}

/// The same in a cluster of its own.
///
/// # Panics
/// When the migrations fail.
pub async fn fresh_in(postgres: &TestPostgres) -> TestDatabase {
    postgres.database(async |admin| migrate::migrate(&admin, None).await.map(drop)).await
}

/// How the server logs in to it.
pub fn as_service(database: &TestDatabase) -> PgConnectOptions {
    database.options().username("satchel_service")
}
