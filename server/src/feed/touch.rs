//! Tells the phones of rows whose changes the feed was not told of: after logical replication into a synced table, or
//! after somebody turned its triggers off.
//!
//! Invariants:
//! - Every row is written as it is, a few thousand in a transaction, so that it gets a new revision and is named by the
//!   feed, as at any other write. Nothing else changes.
//! - For the admin only: it needs to see and write every organization's rows.
//!
//! Rows that were deleted unseen cannot be named any more. `satchel.begin_history()` makes every phone compare checksums,
//! which finds those too, at the cost of a comparison by everybody.

use satchel_protocol::{Registry, Table};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, postgres::PgConnectOptions};
use uuid::Uuid;

/// Rows written in one transaction.
pub const TOUCH_ROWS: i64 = 5_000;

/// The triggers without which writing tells nobody.
const TRIGGERS: [&str; 2] = ["stamp", "feed_update"];

/// Why a table could not be touched. What was touched before stays so.
#[derive(Debug, thiserror::Error)]
pub enum TouchError {
    /// No such table.
    #[error("there is no synced table {0}")]
    NoSuchTable(String),
    /// Writing would tell nobody.
    #[error("trigger {trigger} of table {table} is off: turn it on first")]
    TriggerOff {
        /// The table.
        table: &'static str,
        /// The trigger.
        trigger: &'static str,
    },
    /// Postgres refused.
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
}

/// Touches every row of a synced table, of all organizations. Answers how many there were.
///
/// # Errors
/// [`TouchError`].
pub async fn touch(admin: &PgConnectOptions, registry: &Registry, table: &str) -> Result<u64, TouchError> {
    let table = registry.table(table).ok_or_else(|| TouchError::NoSuchTable(table.to_owned()))?;
    let mut connection = PgConnection::connect_with(admin).await?;
    check_triggers(&mut connection, table).await?;
    let page = format!(
        "with page as ( \
             select org_id, id from satchel.{name} where (org_id, id) > ($1, $2) order by org_id, id limit {TOUCH_ROWS}), \
         touched as ( \
             update satchel.{name} t set org_id = t.org_id from page \
             where t.org_id = page.org_id and t.id = page.id returning t.id) \
         select (select count(*) from touched), org_id, id from page order by org_id desc, id desc limit 1",
        name = table.name,
    );
    let mut touched = 0;
    let mut after = (Uuid::nil(), Uuid::nil());
    loop {
        let row: Option<(i64, Uuid, Uuid)> = sqlx::query_as(AssertSqlSafe(page.as_str()))
            .bind(after.0)
            .bind(after.1)
            .fetch_optional(&mut connection)
            .await?;
        let Some((rows, org_id, id)) = row else { break };
        touched += rows.unsigned_abs();
        after = (org_id, id);
    }
    connection.close().await?;
    Ok(touched)
}

async fn check_triggers(connection: &mut PgConnection, table: &'static Table) -> Result<(), TouchError> {
    for trigger in TRIGGERS {
        let on: bool = sqlx::query_scalar(
            "select exists (select from pg_trigger where tgrelid = ('satchel.' || quote_ident($1))::regclass \
             and tgname = $2 and tgenabled in ('O', 'A'))",
        )
        .bind(table.name)
        .bind(trigger)
        .fetch_one(&mut *connection)
        .await?;
        if !on {
            return Err(TouchError::TriggerOff { table: table.name, trigger });
        }
    }
    Ok(())
}
