//! Branches: `branch/v1/...`.

mod create;
mod update;

pub use create::CreateBranch;
pub use update::UpdateBranch;

use satchel_protocol::Id;
use schemars::JsonSchema;
use serde::Serialize;

use crate::tables::Branch;

/// The branch was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BranchSaved {
    /// The branch.
    pub branch_id: Id<Branch>,
}
