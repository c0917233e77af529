//! `pricebook/v1/setTaxRate`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{money::Percent, pricing::known_class},
    tables::{Branch, TaxClass, TaxRate},
};

/// Sets the tax rate of a class on a branch's jobs, for whatever is written down from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetTaxRate {
    /// The branch.
    pub branch_id: Id<Branch>,
    /// The class: `standard` or `reduced`; what is exempt has no rate.
    pub tax_class: TaxClass,
    /// The rate, from 0 to 100 with at most four decimals.
    pub percent: Decimal,
}

/// The rate was set.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TaxRateSet {
    /// The rate's row.
    pub tax_rate_id: Id<TaxRate>,
}

impl Mutation for SetTaxRate {
    const NAME: &'static str = "pricebook/v1/setTaxRate";
    const SUMMARY: &'static str = "Sets the tax rate of a class on a branch's jobs.";
    type Output = TaxRateSet;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.branch_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<TaxRateSet, Stop> {
        let percent = Percent::entered("pricebook.tax_rate", self.percent)?;
        let tax_class = known_class(&self.tax_class)?;
        if tax_class == TaxClass::Exempt {
            let message = "What is exempt is not taxed. Please choose another class.";
            return Err(Rejection::bad_request("pricebook.tax_exempt", message).into());
        }
        work.require(self.branch_id)?;
        let rates: Vec<TaxRate> = work.find(TaxRate::BY_BRANCH, vec![self.branch_id.into()])?;
        let tax_rate_id = match rates.into_iter().find(|rate| rate.tax_class == tax_class) {
            Some(rate) => {
                if rate.percent != percent {
                    work.update(&TaxRate { percent, ..rate.clone() })?;
                }
                rate.id
            }
            None => {
                let id = ctx.derive_id("tax_rate");
                work.insert(&TaxRate { id, rev: UNSAVED, branch_id: self.branch_id, tax_class, percent })?;
                id
            }
        };
        Ok(TaxRateSet { tax_rate_id })
    }
}
