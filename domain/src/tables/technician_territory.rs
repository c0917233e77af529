//! Where a technician works.

use satchel_protocol::{Id, record};

use super::{Branch, Technician, Territory};

record! {
    /// A technician's [`Territory`]. One who has none goes everywhere.
    pub struct TechnicianTerritory in "technician_territory" {
        /// Who.
        pub technician_id: Id<Technician>,
        /// The technician's branch.
        pub branch_id: Id<Branch>,
        /// Where.
        pub territory_id: Id<Territory>,
    }
    scope: "technician_id";
    index BY_TECHNICIAN = "technician_territory.by_technician" on ["technician_id"];
}
