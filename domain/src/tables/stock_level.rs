//! How much of a thing lies in a place.

use jiff::Timestamp;
use rust_decimal::Decimal;
use satchel_protocol::{Id, record, text_enum};

use super::{Branch, PricebookItem, StockLocation};

text_enum! {
    /// How a level compares with what should be there. Stored, because an app cannot compare decimals in SQLite.
    pub enum StockStanding {
        /// At least the minimum.
        Enough = "enough",
        /// Below the minimum: to be replenished.
        Low = "low",
        /// Below zero: something was not written down.
        Negative = "negative",
    }
}

record! {
    /// The level of one item in one place: always the sum of its entries in the ledger. Its id follows from place and
    /// item.
    pub struct StockLevel in "stock_level" {
        /// The place.
        pub stock_location_id: Id<StockLocation>,
        /// The place's branch.
        pub branch_id: Id<Branch>,
        /// The item.
        pub item_id: Id<PricebookItem>,
        /// How much is there, in the item's unit, three decimals. Below zero is accepted and flagged.
        pub quantity: Decimal,
        /// Below this much it is to be replenished.
        pub minimum: Decimal,
        /// Up to this much it is replenished.
        pub target: Decimal,
        /// How the quantity compares with zero and the minimum.
        pub standing: StockStanding,
        /// How much somebody asked for, until it is brought.
        pub requested: Option<Decimal>,
        /// When that was asked, by the phone's corrected clock.
        pub requested_at: Option<Timestamp>,
    }
    scope: "stock_location_id";
}
