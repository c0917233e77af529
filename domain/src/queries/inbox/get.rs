//! `inbox/v1/get`.

use satchel_protocol::Query;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::InboxItem;
use crate::queries::example_id;

/// One item of the inbox with all that is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InboxGet {
    /// The item.
    pub key: Uuid,
}

/// An item of the inbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InboxView {
    /// The item.
    pub item: InboxItem,
    /// The arguments as the author's phone sent them.
    pub args: Value,
    /// The circumstances as the author's phone recorded them; null for what came without one.
    pub context: Value,
    /// The arguments it was applied with, if they are others.
    pub repaired_args: Value,
    /// What the author is told since it was decided.
    pub outcome: Value,
}

impl Query for InboxGet {
    const NAME: &'static str = "inbox/v1/get";
    const SUMMARY: &'static str = "One item of the inbox, with its arguments and circumstances.";
    const SQL: &'static str = include_str!("get.sql");
    type Output = InboxView;

    fn example() -> Self {
        Self { key: example_id::<()>("inbox").uuid() }
    }
}
