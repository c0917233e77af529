//! How the pricebook is arranged.

use satchel_protocol::{Id, record, table::ORG_SCOPE};

record! {
    /// A heading of the pricebook; headings form a tree.
    pub struct PricebookCategory in "pricebook_category" {
        /// The heading above; none for the topmost.
        pub parent_id: Option<Id<PricebookCategory>>,
        /// What it is called.
        pub name: String,
        /// Place among its siblings, from 1.
        pub position: i32,
        /// Whether it is shown.
        pub active: bool,
    }
    scope: ORG_SCOPE;
}
