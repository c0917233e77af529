//! `credential/v1/record`.

use jiff::civil::Date;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CredentialSaved, require_term};
use crate::{
    rules::{limits, text},
    tables::{Credential, CredentialKind, Technician},
};

/// Writes down a licence or an insurance, or the renewal of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecordCredential {
    /// Id of the new row, made by the caller.
    pub credential_id: Id<Credential>,
    /// Whose it is; left out when the organization's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technician_id: Option<Id<Technician>>,
    /// What it is.
    pub kind: CredentialKind,
    /// What it is called, at most 200 characters; a renewal has the same title.
    #[schemars(length(max = limits::TITLE_CHARS))]
    pub title: String,
    /// The number on it; at most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::SERIAL_CHARS))]
    pub number: Option<String>,
    /// Who gave it; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub issuer: Option<String>,
    /// First day on which it is valid.
    pub valid_from: Date,
    /// Last day on which it is valid; left out when it does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
}

impl Mutation for RecordCredential {
    const NAME: &'static str = "credential/v1/record";
    const SUMMARY: &'static str = "Writes down a licence or an insurance of a technician or the organization.";
    type Output = CredentialSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.credential_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<CredentialSaved, Stop> {
        if let CredentialKind::Unknown(_) = self.kind {
            let message = "Please choose one of license and insurance.";
            return Err(Rejection::bad_request("credential.kind", message).into());
        }
        require_term(self.valid_from, self.valid_until)?;
        let number = self.number.as_deref();
        let issuer = self.issuer.as_deref();
        let credential = Credential {
            id: self.credential_id,
            rev: UNSAVED,
            holder_id: self.technician_id.map_or(ctx.org_id, Id::uuid),
            technician_id: self.technician_id,
            kind: self.kind.clone(),
            title: text::required("credential.title", "a title", &self.title, limits::NAME_CHARS)?,
            number: text::optional("credential.number", "the number", number, limits::SERIAL_CHARS)?,
            issuer: text::optional("credential.issuer", "the issuer", issuer, limits::NAME_CHARS)?,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
        };
        if let Some(technician) = self.technician_id {
            work.require(technician)?;
        }
        work.insert(&credential)?;
        Ok(CredentialSaved { credential_id: credential.id })
    }
}
