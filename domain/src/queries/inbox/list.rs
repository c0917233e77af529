//! `inbox/v1/list`.

use satchel_protocol::{After, Limit, Query, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// What waits for the office, or was decided, oldest first: as far as the caller's branches go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InboxList {
    /// `open` (when left out), `applied`, `repaired`, `dismissed` or `superseded`.
    #[serde(default = "open")]
    #[schemars(length(max = STATUS_CHARS))]
    pub status: String,
    /// How many.
    #[serde(default)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<After<(String, Uuid)>>,
}

/// A page of the inbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InboxPage {
    /// The items.
    pub items: Vec<InboxItem>,
    /// The `after` of the next page; null on the last.
    pub next: Option<String>,
}

/// A mutation in the inbox, but for its arguments and context.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InboxItem {
    /// The mutation's idempotency key, which names the item.
    pub key: Uuid,
    /// `quarantined`, `reassigned` or `submitted`.
    pub cause: String,
    /// The branch of what it is about; null where that is not known.
    pub branch_id: Option<Uuid>,
    /// The author.
    pub user_id: Uuid,
    /// The author's name as a technician; null for others.
    pub author: Option<String>,
    /// The phone; null for what came without one.
    pub device_id: Option<Uuid>,
    /// The procedure.
    pub name: String,
    /// What the author was told: an outcome as in a push's verdicts.
    pub verdict: Value,
    /// What the author wrote to the office.
    pub author_note: Option<String>,
    /// When it happened by the author's clock.
    pub occurred_at: Option<Instant>,
    /// When the server took it in.
    pub received_at: Instant,
    /// `open`, `applied`, `repaired`, `dismissed` or `superseded`.
    pub status: String,
    /// What the supervisor wrote.
    pub note: Option<String>,
    /// Who decided.
    pub decided_by: Option<Uuid>,
    /// When.
    pub decided_at: Option<Instant>,
}

/// Characters of a status, and some to spare.
const STATUS_CHARS: usize = 40;

fn open() -> String {
    "open".to_owned()
}

impl Query for InboxList {
    const NAME: &'static str = "inbox/v1/list";
    const SUMMARY: &'static str = "Work that could not be applied and waits for the office, oldest first.";
    const SQL: &'static str = include_str!("list.sql");
    type Output = InboxPage;

    fn example() -> Self {
        Self { status: open(), limit: Limit::default(), after: None }
    }
}
