//! `credential/v1/remove`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tables::Credential;

/// Strikes out a credential that was written down by mistake, or is not needed any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RemoveCredential {
    /// The credential.
    pub credential_id: Id<Credential>,
}

/// The credential is gone.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CredentialRemoved {}

impl Mutation for RemoveCredential {
    const NAME: &'static str = "credential/v1/remove";
    const SUMMARY: &'static str = "Removes a licence or an insurance.";
    type Output = CredentialRemoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.credential_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<CredentialRemoved, Stop> {
        work.delete(self.credential_id)?;
        Ok(CredentialRemoved {})
    }
}
