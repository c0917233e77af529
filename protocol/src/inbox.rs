//! The supervisor's inbox, as procedures: work that could not be applied, and what the office decides on it.
//!
//! Invariants:
//! - They are mutations like others to the phone, the ledger and the policy: queued, sent once, answered once. What they do
//!   is the server's own business, not a rule's: it happens to the inbox, which no replica holds.
//! - An item is named by the idempotency key of the mutation that is in it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use uuid::Uuid;

use crate::{Ctx, ErrorCode, Mutation, RowKey, ShapeError, Stop, Workspace};

/// Characters of a note to or from the office.
pub const NOTE_CHARS: usize = 2_000;
/// Open items one author may have; more stay on the phone.
pub const OPEN_ITEMS: i32 = 1_000;
/// The reason of a refusal that came with the mutation being handed to the office, because its author lost sight of
/// what it is about.
pub const REASSIGNED: &str = "inbox.reassigned";

/// Hands a mutation that the server refused its author to the office.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SubmitToOffice {
    /// The mutation's idempotency key.
    pub key: Uuid,
    /// What the office should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = NOTE_CHARS))]
    pub note: Option<String>,
}

/// Applies an item as its author entered it, with the rights of whoever applies it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ApplyItem {
    /// The item.
    pub key: Uuid,
    /// What the author is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = NOTE_CHARS))]
    pub note: Option<String>,
}

/// Applies an item with other arguments.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RepairItem {
    /// The item.
    pub key: Uuid,
    /// The arguments to apply it with, those of the item's procedure.
    #[schemars(with = "serde_json::Map<String, Value>")]
    pub args: Box<RawValue>,
    /// What the author is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = NOTE_CHARS))]
    pub note: Option<String>,
}

/// Puts an item away without applying it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DismissItem {
    /// The item.
    pub key: Uuid,
    /// Why; the author is told.
    #[schemars(length(max = NOTE_CHARS))]
    pub note: String,
}

/// What became of an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ItemDecided {
    /// The item.
    pub key: Uuid,
    /// `open`, `applied`, `repaired` or `dismissed`.
    pub status: String,
    /// What the procedure returned, where one was applied.
    pub output: Value,
}

/// The codes that what is inside an item may be refused with.
const ERRORS: &[ErrorCode] = &[
    ErrorCode::BadRequest,
    ErrorCode::Forbidden,
    ErrorCode::NotFound,
    ErrorCode::Conflict,
    ErrorCode::PayloadTooLarge,
    ErrorCode::TooManyRequests,
];

macro_rules! server_only {
    ($name:ident, $path:literal, $summary:literal) => {
        impl Mutation for $name {
            const NAME: &'static str = $path;
            const SUMMARY: &'static str = $summary;
            const SERVER_ONLY: bool = true;
            const ERRORS: &'static [ErrorCode] = ERRORS;
            type Output = ItemDecided;

            fn roots(&self) -> Vec<RowKey> {
                Vec::new()
            }

            fn apply(&self, _: &Ctx, _: &mut Workspace) -> Result<ItemDecided, Stop> {
                Err(Stop::Shape(ShapeError::new(Self::NAME, "a server with an inbox")))
            }
        }
    };
}

server_only!(SubmitToOffice, "inbox/v1/submit", "Hands a mutation that was refused to the office.");
server_only!(ApplyItem, "inbox/v1/apply", "Applies what is in the inbox as its author entered it.");
server_only!(RepairItem, "inbox/v1/repair", "Applies what is in the inbox with other arguments.");
server_only!(DismissItem, "inbox/v1/dismiss", "Puts what is in the inbox away, with a note to its author.");
