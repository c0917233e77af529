//! `equipment/v1/update`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EquipmentSaved;
use crate::{
    roles::Actor,
    rules::{change::Changes, limits},
    tables::Equipment,
};

/// Corrects what is written of a machine. Fields left out stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateEquipment {
    /// The machine.
    pub equipment_id: Id<Equipment>,
    /// What it is; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: Option<String>,
    /// Maker's model, at most 100 characters; empty to have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::SERIAL_CHARS))]
    pub model: Option<String>,
    /// Maker's serial number, at most 100 characters; empty to have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::SERIAL_CHARS))]
    pub serial: Option<String>,
}

impl Mutation for UpdateEquipment {
    const NAME: &'static str = "equipment/v1/update";
    const SUMMARY: &'static str = "Corrects what is written of a machine.";
    type Output = EquipmentSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.equipment_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<EquipmentSaved, Stop> {
        Actor::of(ctx)?;
        let before: Equipment = work.require(self.equipment_id)?;
        let mut row = before.clone();
        let mut changes = Changes::of("equipment");
        changes.required(&mut row.name, self.name.as_deref(), ("name", "what it is"), limits::NAME_CHARS)?;
        changes.optional(&mut row.model, self.model.as_deref(), ("model", "the model"), limits::SERIAL_CHARS)?;
        let serial = ("serial", "the serial number");
        changes.optional(&mut row.serial, self.serial.as_deref(), serial, limits::SERIAL_CHARS)?;
        changes.save(work, &before, &row)?;
        Ok(EquipmentSaved { equipment_id: row.id })
    }
}
