//! What a territory consists of.

use satchel_protocol::{Id, record};

use super::{Branch, Territory};

record! {
    /// A postal code inside a [`Territory`]; each belongs to at most one. Of the office only: phones read the territory
    /// from the location.
    pub struct TerritoryArea in "territory_area" {
        /// The territory.
        pub territory_id: Id<Territory>,
        /// The territory's branch.
        pub branch_id: Id<Branch>,
        /// The postal code in capitals.
        pub postal_code: String,
    }
    scope: "branch_id";
    index BY_TERRITORY = "territory_area.by_territory" on ["territory_id"];
    index BY_POSTAL_CODE = "territory_area.by_postal_code" on ["postal_code"];
}
