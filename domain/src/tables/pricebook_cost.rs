//! What things cost the contractor. Never on a technician's phone.

use satchel_protocol::{Id, record, table::ORG_SCOPE};

use super::PricebookItem;
use crate::rules::money::Cents;

record! {
    /// What one unit of an item costs the contractor. Has the item's id; kept apart from the item because row-level
    /// security hides rows, not columns.
    pub struct PricebookCost in "pricebook_cost" {
        /// The item.
        pub item_id: Id<PricebookItem>,
        /// Cost of one unit.
        pub cost_cents: Cents,
    }
    scope: ORG_SCOPE;
}
