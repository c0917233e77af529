//! `estimate/v1/setDiscount`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OptionTotals, roots, settled};
use crate::{
    rules::{money::Cents, offer::Offer, offering},
    tables::{Estimate, EstimateOption, Job},
};

/// Gives a discount on the whole of an option, on top of those of its lines and before tax: a percentage or an amount,
/// in place of the one before. Neither takes it away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetEstimateDiscount {
    /// The job.
    pub job_id: Id<Job>,
    /// The estimate.
    pub estimate_id: Id<Estimate>,
    /// The option.
    pub option_id: Id<EstimateOption>,
    /// So much of a hundred, from 0 to 100 with at most four decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// So much; no more than the lines come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_cents: Option<Cents>,
}

impl Mutation for SetEstimateDiscount {
    const NAME: &'static str = "estimate/v1/setDiscount";
    const SUMMARY: &'static str = "Sets the discount on an option of an estimate.";
    type Output = OptionTotals;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.estimate_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<OptionTotals, Stop> {
        if self.percent.is_some() && self.amount_cents.is_some() {
            let message = "Please give either a percentage or an amount.";
            return Err(Rejection::bad_request("estimate.discount_twice", message).into());
        }
        let mut offer = Offer::of(ctx, work, self.job_id, self.estimate_id)?;
        offer.edit(work)?;
        let option = offer.option_mut(self.option_id)?;
        option.discount_percent = offering::discount(self.percent)?;
        option.discount_fixed_cents = self.amount_cents.unwrap_or_default().entered("estimate.discount")?;
        settled(work, &mut offer, self.option_id)
    }
}
