//! `technician/v1/create`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::TechnicianSaved;
use crate::{
    rules::{limits, text},
    tables::{Branch, Technician},
};

/// Takes a technician on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateTechnician {
    /// Id of the new technician, made by the caller.
    pub technician_id: Id<Technician>,
    /// The branch the technician belongs to.
    pub branch_id: Id<Branch>,
    /// The name colleagues and customers see; at most 200 characters.
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: String,
    /// The member who signs in as this technician, and as no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Uuid>,
}

impl Mutation for CreateTechnician {
    const NAME: &'static str = "technician/v1/create";
    const SUMMARY: &'static str = "Takes a technician on.";
    type Output = TechnicianSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.technician_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<TechnicianSaved, Stop> {
        let name = text::required("technician.name", "a name", &self.name, limits::NAME_CHARS)?;
        work.require(self.branch_id)?;
        // That the user is a member and no other technician, only Postgres can tell.
        work.insert(&Technician {
            id: self.technician_id,
            rev: UNSAVED,
            branch_id: self.branch_id,
            user_id: self.user_id,
            name,
            active: true,
        })?;
        Ok(TechnicianSaved { technician_id: self.technician_id })
    }
}
