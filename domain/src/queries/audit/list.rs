//! `audit/v1/list`.

use satchel_protocol::{After, Limit, Query, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::queries::example_id;

/// What was done to a row through the server, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditList {
    /// The id of the row: a job, a visit, an invoice.
    pub entity_id: Uuid,
    /// How many.
    #[serde(default)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<After<(i64,)>>,
}

/// A page of the audit log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// The `after` of the next page; null on the last.
    pub next: Option<String>,
}

/// One row changed by one mutation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditEntry {
    /// The entry's number; later ones are higher.
    pub entry_id: String,
    /// When the server stored it.
    pub at: Instant,
    /// Who.
    pub user_id: Uuid,
    /// From which phone; null for a web client.
    pub device_id: Option<Uuid>,
    /// The mutation's idempotency key.
    pub key: Uuid,
    /// The mutation's name.
    pub name: String,
    /// Finds it in the server's logs.
    pub trace_id: String,
    /// The table.
    pub table: String,
    /// The row.
    pub row_id: Uuid,
    /// `insert`, `update` or `delete`.
    pub change: String,
}

impl Query for AuditList {
    const NAME: &'static str = "audit/v1/list";
    const SUMMARY: &'static str = "What was done to a row, by whom and when, newest first.";
    const SQL: &'static str = include_str!("list.sql");
    type Output = AuditPage;

    fn example() -> Self {
        Self { entity_id: example_id::<()>("job").uuid(), limit: Limit::default(), after: None }
    }
}
