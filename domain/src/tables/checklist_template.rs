//! What has to be checked on a kind of job.

use satchel_protocol::{record, table::ORG_SCOPE};

record! {
    /// A checklist as the office designs it.
    pub struct ChecklistTemplate in "checklist_template" {
        /// What it is called.
        pub name: String,
        /// The trade it belongs to: `hvac`, `plumbing`, ...
        pub trade: String,
        /// Whether new visits get it.
        pub active: bool,
    }
    scope: ORG_SCOPE;
}
