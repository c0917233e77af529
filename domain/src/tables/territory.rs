//! Where a branch works.

use satchel_protocol::{Id, record, table::ORG_SCOPE};

use super::Branch;

record! {
    /// An area that a branch serves and technicians are sent into.
    pub struct Territory in "territory" {
        /// The branch that serves it.
        pub branch_id: Id<Branch>,
        /// What it is called.
        pub name: String,
        /// Whether it is still served.
        pub active: bool,
    }
    scope: ORG_SCOPE;
    index BY_BRANCH = "territory.by_branch" on ["branch_id"];
}
