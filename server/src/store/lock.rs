//! Advisory locks that serialise this server's writers on one aggregate or one key.
//!
//! Invariant: several locks are always taken in ascending order, in one statement.

use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;

/// Waits for the aggregates a batch is about, until the transaction ends.
pub async fn lock_roots(
    connection: &mut PgConnection,
    org_id: Uuid,
    roots: impl IntoIterator<Item = Uuid>,
) -> Result<(), StoreError> {
    lock(connection, roots.into_iter().map(|root| number("root", org_id, root)).collect()).await
}

/// Waits for whoever else executes mutations with these idempotency keys, until the transaction ends.
pub async fn lock_keys(connection: &mut PgConnection, org_id: Uuid, keys: &[Uuid]) -> Result<(), StoreError> {
    lock(connection, keys.iter().map(|key| number("key", org_id, *key)).collect()).await
}

async fn lock(connection: &mut PgConnection, mut numbers: Vec<i64>) -> Result<(), StoreError> {
    numbers.sort_unstable();
    numbers.dedup();
    if !numbers.is_empty() {
        sqlx::query("select pg_advisory_xact_lock(number) from unnest($1::bigint[]) as roots(number)")
            .bind(numbers)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Two things that share a number wait for each other without need, and nothing else happens.
fn number(purpose: &str, org_id: Uuid, id: Uuid) -> i64 {
    let hash = Sha256::new().chain_update(purpose).chain_update(org_id).chain_update(id).finalize();
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(bytes)
}
