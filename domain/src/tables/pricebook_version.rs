//! An edition of prices.

use jiff::Timestamp;
use satchel_protocol::{Id, record, table::ORG_SCOPE, text_enum};

use super::Branch;

text_enum! {
    /// Where a version stands.
    pub enum VersionState {
        /// Being written; nobody is charged by it.
        Draft = "draft",
        /// Its prices are charged while it is valid.
        Published = "published",
        /// Taken out.
        Retired = "retired",
    }
}

record! {
    /// A list of prices that holds for a branch or for all, from a day on and perhaps until another: the spring prices,
    /// the prices of the north. An item it does not name keeps the price of the version before, or its own.
    pub struct PricebookVersion in "pricebook_version" {
        /// What it is called.
        pub name: String,
        /// The branch whose jobs it is for; all of them if empty.
        pub branch_id: Option<Id<Branch>>,
        /// Where it stands.
        pub state: VersionState,
        /// First instant at which its prices hold.
        pub valid_from: Timestamp,
        /// First instant at which they no longer do.
        pub valid_until: Option<Timestamp>,
        /// When it was published.
        pub published_at: Option<Timestamp>,
    }
    scope: ORG_SCOPE;
    index BY_STATE = "pricebook_version.by_state" on ["state"];
}
