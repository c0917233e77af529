//! What is being worked on.

use satchel_protocol::{Id, record};

use super::Location;

record! {
    /// A machine at a location. Whoever holds the location holds its machines.
    pub struct Equipment in "equipment" {
        /// Where it stands.
        pub location_id: Id<Location>,
        /// What it is: `Gas furnace`.
        pub name: String,
        /// Maker's model.
        pub model: Option<String>,
        /// Maker's serial number.
        pub serial: Option<String>,
    }
    scope: "location_id";
    index BY_LOCATION = "equipment.by_location" on ["location_id"];
}
