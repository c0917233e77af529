//! `audit/v1/list`.

use satchel_protocol::{After, Limit, Query, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::queries::example_id;

/// What was done to a row, or to a job and all its parts, newest first: as far as the caller may see the rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditList {
    /// The id of the row: a visit, an invoice, a customer. Of a job, its parts are told as well.
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

/// One row changed, or not changed, by one mutation; or changed by another writer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditEntry {
    /// The entry's number; later ones are higher.
    pub entry_id: String,
    /// When the server stored it.
    pub at: Instant,
    /// Who; null for a writer without a user.
    pub user_id: Option<Uuid>,
    /// From which phone; null for a web client.
    pub device_id: Option<Uuid>,
    /// When it happened by the phone's corrected clock; null without a phone.
    pub occurred_at: Option<Instant>,
    /// The phone's clock as it stood.
    pub device_clock: Option<Instant>,
    /// Whether the phone's clock had been compared with the server's.
    pub clock_trusted: Option<bool>,
    /// Milliseconds, as a string, by which the server's clock was ahead of the phone's when last measured.
    pub server_offset_ms: Option<String>,
    /// By how many milliseconds, as a string, `occurred_at` may be off; null where nothing was measured.
    pub uncertainty_ms: Option<String>,
    /// What about its time cannot be, or what the rule accepted and wants looked at; nearly always empty. The office's
    /// guide to the audit log names them.
    pub flags: Vec<String>,
    /// The mutation's idempotency key; null for another writer.
    pub key: Option<Uuid>,
    /// The mutation's name; of another writer, `sql/role/application`.
    pub name: String,
    /// Finds it in the server's logs.
    pub trace_id: Option<String>,
    /// The table.
    pub table: String,
    /// The row.
    pub row_id: Uuid,
    /// `insert`, `update`, `delete`, or `refuse` for what was attempted in vain.
    pub change: String,
    /// The cells that changed, as they were, by column; null for a new row. Long cells are cut.
    pub before: Option<Map<String, Value>>,
    /// The cells that changed, as they are since; of a refusal, its code and reason.
    pub after: Option<Map<String, Value>>,
}

impl Query for AuditList {
    const NAME: &'static str = "audit/v1/list";
    const SUMMARY: &'static str = "What was done to a row or a job, by whom and when, before and after, newest first.";
    const SQL: &'static str = include_str!("list.sql");
    type Output = AuditPage;

    fn example() -> Self {
        Self { entity_id: example_id::<()>("job").uuid(), limit: Limit::default(), after: None }
    }
}
