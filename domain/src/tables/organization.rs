//! The contractor.

use satchel_protocol::{record, table::ORG_SCOPE};

record! {
    /// A contractor's organization: the tenant.
    pub struct Organization in "organization" {
        /// What it is called.
        pub name: String,
        /// ISO 4217 currency of all its prices.
        pub currency: String,
    }
    scope: ORG_SCOPE;
}
