//! Licences and insurance: `credential/v1/...`.

mod record;
mod remove;
mod update;

pub use record::RecordCredential;
pub use remove::{CredentialRemoved, RemoveCredential};
pub use update::UpdateCredential;

use jiff::civil::Date;
use satchel_protocol::{Id, Rejection};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{rules::clock, tables::Credential};

/// The credential was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CredentialSaved {
    /// The credential.
    pub credential_id: Id<Credential>,
}

/// Refuses days that make no sense.
fn require_term(valid_from: Date, valid_until: Option<Date>) -> Result<(), Rejection> {
    clock::checked_day("credential.date", valid_from)?;
    let Some(valid_until) = valid_until else { return Ok(()) };
    clock::checked_day("credential.date", valid_until)?;
    if valid_from <= valid_until {
        return Ok(());
    }
    Err(Rejection::bad_request("credential.order", "The last valid day must not lie before the first."))
}
