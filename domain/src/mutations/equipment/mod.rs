//! Machines at customers' places: `equipment/v1/...`. Technicians write them down where they find them, offline too.

mod create;
mod update;

pub use create::CreateEquipment;
pub use update::UpdateEquipment;

use satchel_protocol::Id;
use schemars::JsonSchema;
use serde::Serialize;

use crate::tables::Equipment;

/// The machine was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EquipmentSaved {
    /// The machine.
    pub equipment_id: Id<Equipment>,
}
