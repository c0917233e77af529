//! The ledger of stock.

use jiff::Timestamp;
use rust_decimal::Decimal;
use satchel_protocol::{Id, record, text_enum};
use uuid::Uuid;

use super::{Branch, Job, MaterialUsed, PricebookItem, StockLocation};

text_enum! {
    /// Why stock moved.
    pub enum StockCause {
        /// Came from a supplier.
        Receive = "receive",
        /// Went from one place to another: two entries, one in the account of each.
        Transfer = "transfer",
        /// Was used on a job, or turned out not to have been.
        Use = "use",
        /// Went back to a supplier.
        Return = "return",
        /// Was counted, and differed from what was written.
        Count = "count",
    }
}

record! {
    /// An entry in the account of one place. Append-only: an entry that was wrong is made up for by another.
    pub struct StockMovement in "stock_movement" {
        /// The place whose account it is in.
        pub stock_location_id: Id<StockLocation>,
        /// The place's branch.
        pub branch_id: Id<Branch>,
        /// The account's page: its entries of one month (UTC). A phone holds this month's and the last.
        pub page_id: Uuid,
        /// What moved.
        pub item_id: Id<PricebookItem>,
        /// How much, in the item's unit, three decimals: above zero what came, below zero what went.
        pub quantity: Decimal,
        /// Why.
        pub cause: StockCause,
        /// Of a transfer, the other place.
        pub counter_location_id: Option<Id<StockLocation>>,
        /// The job it was used on.
        pub job_id: Option<Id<Job>>,
        /// The line of material used; it may have been removed since.
        pub material_id: Option<Id<MaterialUsed>>,
        /// The entry that this one makes up for, wholly or in part.
        pub reversal_of: Option<Id<StockMovement>>,
        /// Of a transfer's second entry, which Postgres writes, the first.
        pub mirror_of: Option<Id<StockMovement>>,
        /// What somebody noted.
        pub note: Option<String>,
        /// When it happened, by the phone's corrected clock.
        pub occurred_at: Timestamp,
        /// Who moved it.
        pub user_id: Uuid,
    }
    scope: "page_id";
}
