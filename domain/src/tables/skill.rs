//! What somebody can be able to do.

use satchel_protocol::{record, table::ORG_SCOPE};

record! {
    /// A skill that jobs ask for and technicians have.
    pub struct Skill in "skill" {
        /// What it is called.
        pub name: String,
        /// Whether jobs may still ask for it.
        pub active: bool,
    }
    scope: ORG_SCOPE;
}
