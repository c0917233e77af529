//! `audit/v1/flagged`.

use satchel_protocol::{After, Limit, Query};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::AuditPage;

/// What was accepted although something about it cannot be, such as its time, or is to be looked at, such as hours that
/// overlap; newest first, as far as the caller may see the rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditFlagged {
    /// Whose; everybody's if left out.
    #[serde(default)]
    pub user_id: Option<Uuid>,
    /// How many.
    #[serde(default)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<After<(i64,)>>,
}

impl Query for AuditFlagged {
    const NAME: &'static str = "audit/v1/flagged";
    const SUMMARY: &'static str = "What was accepted with an impossible time or overlapping hours, newest first.";
    const SQL: &'static str = include_str!("flagged.sql");
    type Output = AuditPage;

    fn example() -> Self {
        Self::default()
    }
}
