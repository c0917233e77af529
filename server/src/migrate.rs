//! Bringing a database to this build's schema.
//!
//! Invariants:
//! - Idempotent: a second run changes nothing.
//! - One migration is one transaction, and two servers that migrate at once take turns.
//! - Everything is owned by `satchel_internal`, whoever migrates, so that no login role owns a table.
//! - The login role of the server never migrates.

use sqlx::{
    Connection as _, PgConnection,
    migrate::{MigrateError as SqlxMigrateError, Migrator},
    postgres::PgConnectOptions,
};

use crate::cluster::OLDEST_MAJOR;

/// Roles and schema; see the file.
const ROLES: &str = include_str!("../../migrations/postgres/roles.sql");

/// Where the applied migrations are listed.
const TABLE: &str = "satchel.migration";

/// The migrations built into this program, oldest first.
static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/postgres");

/// What a run did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Versions applied now; empty when the database was up to date.
    pub applied: Vec<i64>,
    /// The version the database has now.
    pub version: i64,
}

/// Why a database could not be migrated. Nothing of the migration that failed remains.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// No connection.
    #[error("cannot reach the database")]
    Unreachable(#[source] sqlx::Error),
    /// The server is too old.
    #[error("Postgres {found} is too old; {OLDEST_MAJOR} or newer is needed")]
    TooOld {
        /// Its major version.
        found: i32,
    },
    /// A standby cannot be migrated.
    #[error("this is a standby; migrate its primary")]
    Standby,
    /// The admin's rights do not suffice.
    #[error("role {role} may not migrate; it must be a superuser, or have both CREATEROLE and BYPASSRLS")]
    NotAdmin {
        /// The role that connected.
        role: String,
    },
    /// Roles or schema could not be made.
    #[error("cannot prepare roles and schema")]
    Roles(#[source] sqlx::Error),
    /// A landed migration was edited.
    #[error("migration {version} was edited after this database applied it; restore the file and add a new one")]
    Edited {
        /// The migration.
        version: i64,
    },
    /// The database was migrated by a newer build.
    #[error("the database has migration {version}, which this build does not know; use the newer build")]
    Newer {
        /// The migration.
        version: i64,
    },
    /// A migration failed.
    #[error("migration {version} failed")]
    Failed {
        /// The migration.
        version: i64,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// Anything else.
    #[error("cannot migrate")]
    Other(#[source] SqlxMigrateError),
}

/// The newest migration of this build.
#[must_use]
pub fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Creates roles and schema where absent and applies what is missing, as `admin`. With a password, the server's login
/// role gets it; without, it keeps the one it has.
///
/// # Errors
/// Every [`MigrateError`]; migrations before the one that failed stay applied.
pub async fn migrate(admin: &PgConnectOptions, service_password: Option<&str>) -> Result<Report, MigrateError> {
    let mut connection = PgConnection::connect_with(admin).await.map_err(MigrateError::Unreachable)?;
    check(&mut connection).await?;
    // Until the connection closes: whoever comes second finds everything done.
    sqlx::raw_sql("select pg_advisory_lock(hashtext('satchel.migrate'))")
        .execute(&mut connection)
        .await
        .map_err(MigrateError::Unreachable)?;
    prepare(&mut connection, service_password).await.map_err(MigrateError::Roles)?;

    let mut migrator = Migrator { migrations: MIGRATIONS.migrations.clone(), ..Migrator::DEFAULT };
    migrator.set_locking(false);
    migrator.dangerous_set_table_name(TABLE);
    let before = applied(&mut connection).await.map_err(MigrateError::Unreachable)?;
    migrator.run(&mut connection).await.map_err(|error| match error {
        SqlxMigrateError::ExecuteMigration(source, version) => MigrateError::Failed { version, source },
        SqlxMigrateError::VersionMismatch(version) => MigrateError::Edited { version },
        SqlxMigrateError::VersionMissing(version) => MigrateError::Newer { version },
        other => MigrateError::Other(other),
    })?;
    let mut after = applied(&mut connection).await.map_err(MigrateError::Unreachable)?;
    let version = after.iter().copied().max().unwrap_or(0);
    after.retain(|version| !before.contains(version));
    // Closing politely is all that is left; the work is committed.
    let _ = connection.close().await;
    Ok(Report { applied: after, version })
}

async fn check(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let (version, standby, role, may): (i32, bool, String, bool) = sqlx::query_as(
        "select current_setting('server_version_num')::int / 10000, pg_is_in_recovery(), current_user::text,
                rolsuper or (rolcreaterole and rolbypassrls)
         from pg_roles where rolname = current_user",
    )
    .fetch_one(connection)
    .await
    .map_err(MigrateError::Unreachable)?;
    if version < OLDEST_MAJOR.cast_signed() {
        return Err(MigrateError::TooOld { found: version });
    }
    if standby {
        return Err(MigrateError::Standby);
    }
    if may { Ok(()) } else { Err(MigrateError::NotAdmin { role }) }
}

/// Makes roles and schema, and leaves the session in the name of `satchel_internal`.
async fn prepare(connection: &mut PgConnection, service_password: Option<&str>) -> sqlx::Result<()> {
    let mut tx = connection.begin().await?;
    sqlx::raw_sql(ROLES).execute(&mut *tx).await?;
    if let Some(password) = service_password {
        // ALTER ROLE takes no parameters.
        sqlx::query("select set_config('satchel.password', $1, true)").bind(password).execute(&mut *tx).await?;
        sqlx::raw_sql(
            "do $$ begin
                 execute format('alter role satchel_service password %L', current_setting('satchel.password'));
             end $$",
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    sqlx::raw_sql("set role satchel_internal").execute(connection).await?;
    Ok(())
}

async fn applied(connection: &mut PgConnection) -> sqlx::Result<Vec<i64>> {
    let listed: bool =
        sqlx::query_scalar("select to_regclass($1) is not null").bind(TABLE).fetch_one(&mut *connection).await?;
    if !listed {
        return Ok(Vec::new());
    }
    sqlx::query_scalar("select version from satchel.migration where success order by version")
        .fetch_all(connection)
        .await
}
