//! What the organization sells. Read only on phones.

use satchel_protocol::{record, table::ORG_SCOPE, text_enum};

text_enum! {
    /// What kind of thing is sold.
    pub enum PricebookKind {
        /// Work at a flat price.
        Service = "service",
        /// A thing from the truck.
        Material = "material",
    }
}

record! {
    /// A line of the pricebook.
    pub struct PricebookItem in "pricebook_item" {
        /// The code people know it by; unique in the organization.
        pub code: String,
        /// What it is called.
        pub name: String,
        /// Whether it is work or a thing.
        pub kind: PricebookKind,
        /// What one `unit` is: `each`, `foot`, `hour`.
        pub unit: String,
        /// Price of one unit in cents of the organization's currency.
        pub price_cents: i64,
        /// Whether it may be sold now.
        pub active: bool,
    }
    scope: ORG_SCOPE;
}
