//! `credential/v1/update`.

use jiff::civil::Date;
use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CredentialSaved, require_term};
use crate::{
    rules::{change::Changes, limits},
    tables::Credential,
};

/// Corrects a licence or an insurance. Fields left out stay as they are. A renewal is recorded anew instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateCredential {
    /// The credential.
    pub credential_id: Id<Credential>,
    /// New title; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::TITLE_CHARS))]
    pub title: Option<String>,
    /// The number on it, at most 100 characters; empty to have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::SERIAL_CHARS))]
    pub number: Option<String>,
    /// Who gave it, at most 200 characters; empty to say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub issuer: Option<String>,
    /// First day on which it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// Last day on which it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
}

impl Mutation for UpdateCredential {
    const NAME: &'static str = "credential/v1/update";
    const SUMMARY: &'static str = "Corrects a licence or an insurance.";
    type Output = CredentialSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.credential_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<CredentialSaved, Stop> {
        let before: Credential = work.require(self.credential_id)?;
        let mut row = before.clone();
        let mut changes = Changes::of("credential");
        changes.required(&mut row.title, self.title.as_deref(), ("title", "a title"), limits::NAME_CHARS)?;
        changes.optional(&mut row.number, self.number.as_deref(), ("number", "the number"), limits::SERIAL_CHARS)?;
        changes.optional(&mut row.issuer, self.issuer.as_deref(), ("issuer", "the issuer"), limits::NAME_CHARS)?;
        changes.value(&mut row.valid_from, self.valid_from);
        changes.value(&mut row.valid_until, self.valid_until.map(Some));
        require_term(row.valid_from, row.valid_until)?;
        changes.save(work, &before, &row)?;
        Ok(CredentialSaved { credential_id: row.id })
    }
}
