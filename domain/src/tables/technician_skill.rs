//! What a technician is able to do.

use jiff::civil::Date;
use satchel_protocol::{Id, record};

use super::{Branch, Skill, Technician};

record! {
    /// A technician's [`Skill`].
    pub struct TechnicianSkill in "technician_skill" {
        /// Who.
        pub technician_id: Id<Technician>,
        /// The technician's branch.
        pub branch_id: Id<Branch>,
        /// What.
        pub skill_id: Id<Skill>,
        /// Last day on which it counts; none when it does not expire.
        pub expires_on: Option<Date>,
    }
    scope: "technician_id";
    index BY_TECHNICIAN = "technician_skill.by_technician" on ["technician_id"];
}
