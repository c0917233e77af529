//! Advisory locks that serialise this server's writers on one aggregate or one key.
//!
//! Invariants:
//! - Several locks are always taken in one order, in one statement.
//! - No transaction holds more than [`ROOT_LOCKS`]: the lock table is shared by the whole cluster.

use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;

/// Aggregates one transaction locks one by one. For more it locks the organization; batches are parted before that.
pub const ROOT_LOCKS: usize = 256;

/// Waits for the aggregates a batch is about, until the transaction ends.
///
/// Everybody holds the organization's lock too: shared, or, with more than [`ROOT_LOCKS`] aggregates, alone.
pub async fn lock_roots(
    connection: &mut PgConnection,
    org_id: Uuid,
    roots: impl IntoIterator<Item = Uuid>,
) -> Result<(), StoreError> {
    let mut numbers: Vec<i64> = roots.into_iter().map(|root| number("root", org_id, root)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.is_empty() {
        return Ok(());
    }
    let alone = numbers.len() > ROOT_LOCKS;
    if alone {
        numbers.clear();
    }
    numbers.insert(0, number("everything", org_id, org_id));
    sqlx::query(
        "select case when place = 1 and not $2 then pg_advisory_xact_lock_shared(number) \
         else pg_advisory_xact_lock(number) end \
         from unnest($1::bigint[]) with ordinality as locks(number, place)",
    )
    .bind(numbers)
    .bind(alone)
    .execute(connection)
    .await?;
    Ok(())
}

/// Waits for whoever else executes mutations with these idempotency keys, until the transaction ends.
pub async fn lock_keys(connection: &mut PgConnection, org_id: Uuid, keys: &[Uuid]) -> Result<(), StoreError> {
    let mut numbers: Vec<i64> = keys.iter().map(|key| number("key", org_id, *key)).collect();
    numbers.sort_unstable();
    sqlx::query("select pg_advisory_xact_lock(number) from unnest($1::bigint[]) as locks(number)")
        .bind(numbers)
        .execute(connection)
        .await?;
    Ok(())
}

/// Two things that share a number wait for each other without need, and nothing else happens.
fn number(purpose: &str, org_id: Uuid, id: Uuid) -> i64 {
    let hash = Sha256::new().chain_update(purpose).chain_update(org_id).chain_update(id).finalize();
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(bytes)
}
