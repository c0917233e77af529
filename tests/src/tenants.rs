//! Two tenants that are alike in everything but their ids, for tests of who sees what. See `tenants.sql`.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::{
    database::{as_service, fresh},
    postgres::TestDatabase,
};

/// The users of each tenant: one for every role, and four special ones.
pub const PEOPLE: &[&str] = &[
    "owner",
    "operations_manager",
    "dispatcher",
    "dispatcher_north",
    "technician",
    "technician_2",
    "inventory_manager",
    "billing",
    "auditor",
    "delegated_agent",
    "dismissed",
    "stranger",
];

/// A migrated database with both tenants.
///
/// # Panics
/// When Postgres refuses.
pub async fn two_tenants() -> TestDatabase {
    let database = fresh().await;
    let mut admin = database.connect().await;
    sqlx::raw_sql(include_str!("tenants.sql")).execute(&mut admin).await.expect("the tenants");
    database
}

/// A connection as the server's login role.
///
/// # Panics
/// When Postgres refuses.
pub async fn service(database: &TestDatabase) -> PgConnection {
    PgConnection::connect_with(&as_service(database)).await.expect("the login role")
}

/// Opens a transaction, sets any context and takes any lane, as a faulty server might. `org` and `user` are names for
/// `public.id`.
///
/// # Panics
/// When Postgres refuses.
pub async fn begin_as(connection: &mut PgConnection, lane: &str, context: Option<(&str, &str)>) {
    let (org, user) = context.unwrap_or_default();
    let id = |name: &str| if name.is_empty() { "''".to_owned() } else { format!("public.id('{name}')::text") };
    let statement = format!(
        "begin; select set_config('satchel.org_id', {}, true), set_config('satchel.user_id', {}, true); \
         set local role {lane}",
        id(org),
        id(user)
    );
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await.expect("a lane");
}

/// What became of a statement, as far as access goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It ran, on so many rows.
    Rows(u64),
    /// Security let it pass; a constraint refused it.
    Constraint,
    /// Security refused it.
    Refused,
}

impl Access {
    /// Whether security let any row through.
    pub fn is_allowed(self) -> bool {
        !matches!(self, Self::Refused | Self::Rows(0))
    }
}

/// Runs a statement inside the open transaction and takes its effects back.
///
/// # Panics
/// On an error that is neither a refusal by security nor by a constraint.
pub async fn attempt(connection: &mut PgConnection, statement: &str) -> Access {
    sqlx::raw_sql("savepoint attempt").execute(&mut *connection).await.expect("a savepoint");
    let result = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut *connection).await;
    sqlx::raw_sql("rollback to savepoint attempt").execute(&mut *connection).await.expect("a rollback");
    match result {
        Ok(done) => Access::Rows(done.rows_affected()),
        Err(error) => match error.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref() {
            Some("42501") => Access::Refused,
            Some(code) if code.starts_with("23") => Access::Constraint,
            _ => panic!("{statement}: {error}"),
        },
    }
}

/// Ends the transaction of [`begin_as`] without a trace.
///
/// # Panics
/// When the connection is gone.
pub async fn leave(connection: &mut PgConnection) {
    sqlx::raw_sql("rollback").execute(connection).await.expect("a rollback");
}
