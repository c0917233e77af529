//! A price in a version of the pricebook.

use satchel_protocol::{Id, record, table::ORG_SCOPE};

use super::{PricebookItem, PricebookVersion};
use crate::rules::money::Cents;

record! {
    /// The price an item has in a [`PricebookVersion`]. Fixed once the version is published.
    pub struct PricebookPrice in "pricebook_price" {
        /// The version.
        pub version_id: Id<PricebookVersion>,
        /// The item; once in a version.
        pub item_id: Id<PricebookItem>,
        /// Price of one unit.
        pub price_cents: Cents,
    }
    scope: ORG_SCOPE;
    index BY_ITEM = "pricebook_price.by_item" on ["item_id"];
}
