//! `technician/v1/update`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::TechnicianSaved;
use crate::{
    rules::{change::Changes, limits},
    tables::{Branch, Technician},
};

/// Changes what is written of a technician. Fields left out stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateTechnician {
    /// The technician.
    pub technician_id: Id<Technician>,
    /// New name; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: Option<String>,
    /// The branch the technician moves to, with hours, absences and skills; assignments stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch_id: Option<Id<Branch>>,
    /// Whether the technician can be assigned, and sees jobs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The member who signs in as this technician, and as no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Uuid>,
}

impl Mutation for UpdateTechnician {
    const NAME: &'static str = "technician/v1/update";
    const SUMMARY: &'static str = "Changes a technician's name, branch, user, or whether he works here.";
    type Output = TechnicianSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.technician_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<TechnicianSaved, Stop> {
        let before: Technician = work.require(self.technician_id)?;
        let mut row = before.clone();
        let mut changes = Changes::of("technician");
        changes.required(&mut row.name, self.name.as_deref(), ("name", "a name"), limits::NAME_CHARS)?;
        if let Some(branch) = self.branch_id {
            work.require(branch)?;
            changes.value(&mut row.branch_id, Some(branch));
        }
        changes.value(&mut row.active, self.active);
        changes.value(&mut row.user_id, self.user_id.map(Some));
        changes.save(work, &before, &row)?;
        Ok(TechnicianSaved { technician_id: row.id })
    }
}
