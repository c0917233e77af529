//! What a contract covers.

use satchel_protocol::{Id, record};

use super::{Branch, Equipment, Location, MaintenanceContract};

record! {
    /// A machine that a maintenance contract covers.
    pub struct ContractEquipment in "contract_equipment" {
        /// The contract.
        pub contract_id: Id<MaintenanceContract>,
        /// The contract's location, where the machine stands.
        pub location_id: Id<Location>,
        /// The contract's branch.
        pub branch_id: Id<Branch>,
        /// The machine.
        pub equipment_id: Id<Equipment>,
    }
    scope: "location_id";
    index BY_CONTRACT = "contract_equipment.by_contract" on ["contract_id"];
}
