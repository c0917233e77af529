//! `territory/v1/create`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TerritorySaved;
use crate::{
    rules::{limits, text},
    tables::{Branch, Territory},
};

/// Names an area that a branch serves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateTerritory {
    /// Id of the new territory, made by the caller.
    pub territory_id: Id<Territory>,
    /// The branch that serves it.
    pub branch_id: Id<Branch>,
    /// What it is called; at most 200 characters.
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: String,
}

impl Mutation for CreateTerritory {
    const NAME: &'static str = "territory/v1/create";
    const SUMMARY: &'static str = "Names an area that a branch serves.";
    type Output = TerritorySaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.territory_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<TerritorySaved, Stop> {
        let name = text::required("territory.name", "a name", &self.name, limits::NAME_CHARS)?;
        work.require(self.branch_id)?;
        let (id, branch_id) = (self.territory_id, self.branch_id);
        work.insert(&Territory { id, rev: UNSAVED, branch_id, name, active: true })?;
        Ok(TerritorySaved { territory_id: id })
    }
}
