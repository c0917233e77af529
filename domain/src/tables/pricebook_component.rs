//! What services and bundles are made of.

use rust_decimal::Decimal;
use satchel_protocol::{Id, record, table::ORG_SCOPE};

use super::PricebookItem;

record! {
    /// A part that goes into an item: the ignitor and the half hour of *Replace ignitor*. Parts may have parts; no item
    /// contains itself.
    pub struct PricebookComponent in "pricebook_component" {
        /// The whole.
        pub item_id: Id<PricebookItem>,
        /// The part.
        pub component_id: Id<PricebookItem>,
        /// How much of the part goes into one unit of the whole, in the part's unit, three decimals.
        pub quantity: Decimal,
        /// Place in the list, from 1.
        pub position: i32,
    }
    scope: ORG_SCOPE;
    index BY_ITEM = "pricebook_component.by_item" on ["item_id"];
}
