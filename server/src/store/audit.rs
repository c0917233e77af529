//! The audit log: who did what to which rows (R11). Append-only.

use satchel_protocol::RowKey;
use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;

/// What a mutation did to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Created it.
    Insert,
    /// Replaced it.
    Update,
    /// Deleted it.
    Delete,
}

impl Change {
    /// The stored spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// A row an accepted mutation changed.
#[derive(Clone, Copy, Debug)]
pub struct Audited<'a> {
    /// The mutation's idempotency key, by which arguments and verdict are found in the ledger.
    pub key: Uuid,
    /// The mutation's RPC path.
    pub name: &'a str,
    /// The row.
    pub row: RowKey,
    /// What happened to it.
    pub change: Change,
}

/// Stores what an author did.
pub async fn record(
    connection: &mut PgConnection,
    org_id: Uuid,
    user_id: Uuid,
    device_id: Option<Uuid>,
    trace_id: &str,
    entries: &[Audited<'_>],
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into satchel.audit_log (org_id, user_id, device_id, trace_id, key, name, table_name, row_id, change) \
         select $1, $2, $3, $4, v.* from unnest($5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::text[]) \
         as v(key, name, table_name, row_id, change)",
    )
    .bind(org_id)
    .bind(user_id)
    .bind(device_id)
    .bind(trace_id)
    .bind(entries.iter().map(|entry| entry.key).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.name).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.row.table).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.row.id).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.change.as_str()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
