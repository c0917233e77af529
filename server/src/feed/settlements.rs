//! What the office decided on a caller's mutations in its inbox, as JSON text around what Postgres stores.
//!
//! Invariant: a decision is told with every delta whose cursor does not show it yet, as a row is; the phone stores it in
//! the transaction that stores the next cursor.

use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Snapshot;

/// Decisions told at most in one page; after a fill, the latest.
pub const SETTLEMENTS: i32 = 1_000;

const SINCE: &str = "select array(select satchel.my_inbox_changes($1::text::xid8, $2::text[]::xid8[]))";
const SETTLED: &str = "select key, status, outcome::text, note from satchel.my_inbox_outcomes($1, $2)";

/// The wire's [`Settlement`](satchel_protocol::wire::Settlement), its outcome as Postgres wrote it.
#[derive(Serialize)]
struct Told {
    key: Uuid,
    decision: String,
    outcome: Box<RawValue>,
    note: Option<String>,
}

/// JSON objects of the wire's `Settlement`, with commas between: those decided since, or the latest.
pub async fn read(connection: &mut PgConnection, since: Option<&Snapshot>) -> sqlx::Result<String> {
    let keys: Option<Vec<Uuid>> = match since {
        None => None,
        Some(since) => Some(
            sqlx::query_scalar(SINCE)
                .bind(since.xmax_text())
                .bind(since.running_text())
                .fetch_one(&mut *connection)
                .await?,
        ),
    };
    if keys.as_ref().is_some_and(Vec::is_empty) {
        return Ok(String::new());
    }
    let rows: Vec<(Uuid, String, String, Option<String>)> =
        sqlx::query_as(SETTLED).bind(keys).bind(SETTLEMENTS).fetch_all(connection).await?;
    let told = rows.into_iter().map(|(key, decision, outcome, note)| {
        let outcome = RawValue::from_string(outcome).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let told = Told { key, decision, outcome, note };
        serde_json::to_string(&told).map_err(|error| sqlx::Error::Decode(error.into()))
    });
    Ok(told.collect::<sqlx::Result<Vec<_>>>()?.join(","))
}
