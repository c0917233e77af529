//! What the organization sells. Read only on phones.

use satchel_protocol::{Id, record, table::ORG_SCOPE, text_enum};

use super::{PricebookCategory, TaxClass};

text_enum! {
    /// What kind of thing is sold.
    pub enum PricebookKind {
        /// Work at a flat price.
        Service = "service",
        /// A thing from the truck.
        Material = "material",
        /// Work by the hour.
        Labour = "labour",
        /// Several of these together at one price.
        Bundle = "bundle",
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
        /// Price of one unit in cents of the organization's currency, where no
        /// [`PricebookVersion`](super::PricebookVersion) gives another.
        pub price_cents: i64,
        /// Whether it may be sold now.
        pub active: bool,
        /// The heading it stands under.
        pub category_id: Option<Id<PricebookCategory>>,
        /// How it is taxed.
        pub tax_class: TaxClass,
        /// Minutes of work that one unit is planned to take.
        pub labour_minutes: Option<i32>,
        /// What the customer reads about it.
        pub description: String,
    }
    scope: ORG_SCOPE;
}
