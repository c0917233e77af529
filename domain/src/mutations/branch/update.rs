//! `branch/v1/update`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::BranchSaved;
use crate::{
    rules::{change::Changes, limits, reach},
    tables::Branch,
};

/// Changes a branch. Fields left out stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateBranch {
    /// The branch.
    pub branch_id: Id<Branch>,
    /// New name; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: Option<String>,
    /// New IANA time zone. Visits keep the zone they were promised in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::ZONE_CHARS))]
    pub zone: Option<String>,
}

impl Mutation for UpdateBranch {
    const NAME: &'static str = "branch/v1/update";
    const SUMMARY: &'static str = "Changes a branch's name or time zone.";
    type Output = BranchSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.branch_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<BranchSaved, Stop> {
        let before: Branch = work.require(self.branch_id)?;
        let mut row = before.clone();
        let mut changes = Changes::of("branch");
        changes.required(&mut row.name, self.name.as_deref(), ("name", "a name"), limits::NAME_CHARS)?;
        changes.value(&mut row.zone, self.zone.as_deref().map(|new| reach::zone("branch", new)).transpose()?);
        changes.save(work, &before, &row)?;
        Ok(BranchSaved { branch_id: row.id })
    }
}
