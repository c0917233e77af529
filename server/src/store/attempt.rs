//! How often a mutation failed for a fault of the server.

use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;

/// What is known of failed attempts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// How many there were.
    pub count: u32,
    /// Finds the last one in the server's logs.
    pub trace_id: String,
}

/// Counts one more. To be committed by itself: what failed was rolled back.
pub async fn count_attempt(
    connection: &mut PgConnection,
    org_id: Uuid,
    user_id: Uuid,
    key: Uuid,
    trace_id: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into satchel.mutation_attempt as a (org_id, key, user_id, last_trace_id) values ($1, $2, $3, $4) \
         on conflict (org_id, key) do update \
         set attempts = a.attempts + 1, last_trace_id = excluded.last_trace_id, last_at = now()",
    )
    .bind(org_id)
    .bind(key)
    .bind(user_id)
    .bind(trace_id)
    .execute(connection)
    .await?;
    Ok(())
}
