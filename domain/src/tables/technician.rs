//! A person who does the work.

use satchel_protocol::{Id, record, table::ORG_SCOPE};
use uuid::Uuid;

use super::Branch;

record! {
    /// A technician of the organization.
    pub struct Technician in "technician" {
        /// The branch the technician belongs to.
        pub branch_id: Id<Branch>,
        /// The user who signs in as this technician.
        pub user_id: Option<Uuid>,
        /// The name colleagues and customers see.
        pub name: String,
        /// Whether the technician can be assigned.
        pub active: bool,
    }
    scope: ORG_SCOPE;
}
