//! `territory/v1/setPostalCodes`.

use std::collections::BTreeSet;

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{limits::POSTAL_CODES_PER_TERRITORY, reach},
    tables::{Territory, TerritoryArea},
};

/// Says which postal codes a territory consists of, all of them. Places written earlier stay where they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetPostalCodes {
    /// The territory.
    pub territory_id: Id<Territory>,
    /// Its postal codes: at most 500, each of at most 16 characters and in no other territory.
    #[schemars(inner(length(max = crate::rules::limits::POSTAL_CODE_CHARS)))]
    pub postal_codes: Vec<String>,
}

/// The territory as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PostalCodesSet {
    /// How many postal codes it has.
    pub postal_codes: usize,
}

impl Mutation for SetPostalCodes {
    const NAME: &'static str = "territory/v1/setPostalCodes";
    const SUMMARY: &'static str = "Says which postal codes a territory consists of.";
    // Postal codes are on no phone.
    const SERVER_ONLY: bool = true;
    type Output = PostalCodesSet;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.territory_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<PostalCodesSet, Stop> {
        if self.postal_codes.len() > POSTAL_CODES_PER_TERRITORY {
            let message = format!("A territory can have at most {POSTAL_CODES_PER_TERRITORY} postal codes.");
            return Err(Rejection::bad_request("territory.too_many_postal_codes", message).into());
        }
        let mut wanted = BTreeSet::new();
        for given in &self.postal_codes {
            let Some(code) = reach::postal_code("territory", Some(given))? else {
                let message = "There is an empty postal code. Please leave it out.";
                return Err(Rejection::bad_request("territory.postal_code_empty", message).into());
            };
            wanted.insert(code);
        }
        let territory: Territory = work.require(self.territory_id)?;
        let present: Vec<TerritoryArea> = work.find(TerritoryArea::BY_TERRITORY, vec![territory.id.into()])?;
        let postal_codes = wanted.len();
        for area in present {
            if !wanted.remove(&area.postal_code) {
                work.delete(area.id)?;
            }
        }
        for code in wanted {
            let taken: Vec<TerritoryArea> = work.find(TerritoryArea::BY_POSTAL_CODE, vec![code.as_str().into()])?;
            if !taken.is_empty() {
                let message =
                    format!("The postal code {code} belongs to another territory. Please take it out there first.");
                return Err(Rejection::conflict("territory.postal_code_taken", message).into());
            }
            work.insert(&TerritoryArea {
                id: ctx.derive_id(&format!("territory_area/{code}")),
                rev: UNSAVED,
                territory_id: territory.id,
                branch_id: territory.branch_id,
                postal_code: code,
            })?;
        }
        Ok(PostalCodesSet { postal_codes })
    }
}
