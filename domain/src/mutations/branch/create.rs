//! `branch/v1/create`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::BranchSaved;
use crate::{
    rules::{limits, reach, text},
    tables::Branch,
};

/// Opens a branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateBranch {
    /// Id of the new branch, made by the caller.
    pub branch_id: Id<Branch>,
    /// What it is called; at most 200 characters.
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: String,
    /// IANA time zone that its hours are read in: `America/Denver`.
    #[schemars(length(max = limits::ZONE_CHARS))]
    pub zone: String,
}

impl Mutation for CreateBranch {
    const NAME: &'static str = "branch/v1/create";
    const SUMMARY: &'static str = "Opens a branch.";
    type Output = BranchSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.branch_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<BranchSaved, Stop> {
        work.insert(&Branch {
            id: self.branch_id,
            rev: UNSAVED,
            name: text::required("branch.name", "a name", &self.name, limits::NAME_CHARS)?,
            zone: reach::zone("branch", &self.zone)?,
        })?;
        Ok(BranchSaved { branch_id: self.branch_id })
    }
}
