//! The organization itself: `organization/v1/...`.

mod update;

pub use update::UpdateOrganization;

use satchel_protocol::Id;
use schemars::JsonSchema;
use serde::Serialize;

use crate::tables::Organization;

/// The organization was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OrganizationSaved {
    /// The organization.
    pub organization_id: Id<Organization>,
}
