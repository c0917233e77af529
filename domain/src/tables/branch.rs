//! A place an organization works from.

use satchel_protocol::{record, table::ORG_SCOPE};

record! {
    /// A branch of the organization.
    pub struct Branch in "branch" {
        /// What it is called.
        pub name: String,
        /// IANA time zone that its windows are read in.
        pub zone: String,
    }
    scope: ORG_SCOPE;
}
