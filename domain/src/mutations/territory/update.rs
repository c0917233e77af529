//! `territory/v1/update`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TerritorySaved;
use crate::{
    rules::{change::Changes, limits},
    tables::Territory,
};

/// Renames a territory, or says whether it is still served. Fields left out stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateTerritory {
    /// The territory.
    pub territory_id: Id<Territory>,
    /// New name; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: Option<String>,
    /// Whether it is served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

impl Mutation for UpdateTerritory {
    const NAME: &'static str = "territory/v1/update";
    const SUMMARY: &'static str = "Renames a territory, or says whether it is still served.";
    type Output = TerritorySaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.territory_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<TerritorySaved, Stop> {
        let before: Territory = work.require(self.territory_id)?;
        let mut row = before.clone();
        let mut changes = Changes::of("territory");
        changes.required(&mut row.name, self.name.as_deref(), ("name", "a name"), limits::NAME_CHARS)?;
        changes.value(&mut row.active, self.active);
        changes.save(work, &before, &row)?;
        Ok(TerritorySaved { territory_id: row.id })
    }
}
