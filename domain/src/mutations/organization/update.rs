//! `organization/v1/update`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OrganizationSaved;
use crate::{
    rules::{change::Changes, limits},
    tables::Organization,
};

/// Changes what the organization is called. Its currency stays: every price is in it. The name stands in what customers
/// sign, so what was shown under the old name and is signed or approved only now has to be shown anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateOrganization {
    /// The organization.
    pub organization_id: Id<Organization>,
    /// New name; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: Option<String>,
}

impl Mutation for UpdateOrganization {
    const NAME: &'static str = "organization/v1/update";
    const SUMMARY: &'static str = "Changes what the organization is called.";
    type Output = OrganizationSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.organization_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<OrganizationSaved, Stop> {
        let before: Organization = work.require(self.organization_id)?;
        let mut row = before.clone();
        let mut changes = Changes::of("organization");
        changes.required(&mut row.name, self.name.as_deref(), ("name", "a name"), limits::NAME_CHARS)?;
        changes.save(work, &before, &row)?;
        Ok(OrganizationSaved { organization_id: row.id })
    }
}
