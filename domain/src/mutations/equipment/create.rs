//! `equipment/v1/create`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EquipmentSaved;
use crate::{
    roles::Actor,
    rules::{limits, text},
    tables::{Equipment, Location},
};

/// Writes down a machine. A technician does so at the places of his jobs, the only ones he is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateEquipment {
    /// Id of the new machine, made by the caller.
    pub equipment_id: Id<Equipment>,
    /// Where it stands.
    pub location_id: Id<Location>,
    /// What it is, `Gas furnace`; at most 200 characters.
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: String,
    /// Maker's model; at most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::SERIAL_CHARS))]
    pub model: Option<String>,
    /// Maker's serial number; at most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::SERIAL_CHARS))]
    pub serial: Option<String>,
}

impl Mutation for CreateEquipment {
    const NAME: &'static str = "equipment/v1/create";
    const SUMMARY: &'static str = "Writes down a machine at a place.";
    type Output = EquipmentSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.location_id), RowKey::of(self.equipment_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<EquipmentSaved, Stop> {
        Actor::of(ctx)?;
        work.require(self.location_id)?;
        let paper =
            |what: &str, label: &str, given: Option<&str>| text::optional(what, label, given, limits::SERIAL_CHARS);
        work.insert(&Equipment {
            id: self.equipment_id,
            rev: UNSAVED,
            location_id: self.location_id,
            name: text::required("equipment.name", "what it is", &self.name, limits::NAME_CHARS)?,
            model: paper("equipment.model", "the model", self.model.as_deref())?,
            serial: paper("equipment.serial", "the serial number", self.serial.as_deref())?,
        })?;
        Ok(EquipmentSaved { equipment_id: self.equipment_id })
    }
}
