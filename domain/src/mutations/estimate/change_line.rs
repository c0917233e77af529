//! `estimate/v1/changeLine`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OptionTotals, roots, settled};
use crate::{
    rules::{limits, money::Cents, offer::Offer, offering, quantity, text},
    tables::{Estimate, EstimateLine, Job},
};

/// Changes a line of an estimate that is not signed yet. Fields left out stay as they are, so that edits of different
/// fields merge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeEstimateLine {
    /// The job.
    pub job_id: Id<Job>,
    /// The estimate.
    pub estimate_id: Id<Estimate>,
    /// The line.
    pub line_id: Id<EstimateLine>,
    /// How much: above zero, at most three decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// What the customer reads: one line, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::LINE_CHARS))]
    pub name: Option<String>,
    /// Price of one unit that the customer is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price_cents: Option<Cents>,
    /// Discount on this line, from 0 to 100 with at most four decimals; 0 for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_percent: Option<Decimal>,
}

impl Mutation for ChangeEstimateLine {
    const NAME: &'static str = "estimate/v1/changeLine";
    const SUMMARY: &'static str = "Changes a line of an estimate.";
    type Output = OptionTotals;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.estimate_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<OptionTotals, Stop> {
        let asked = [
            self.quantity.is_some(),
            self.name.is_some(),
            self.unit_price_cents.is_some(),
            self.discount_percent.is_some(),
        ];
        if !asked.contains(&true) {
            return Err(Rejection::bad_request("estimate.nothing_to_change", "Please say what to change.").into());
        }
        let mut offer = Offer::of(ctx, work, self.job_id, self.estimate_id)?;
        offer.edit(work)?;
        let line = offer.line_mut(self.line_id)?;
        if let Some(quantity) = self.quantity {
            line.quantity = quantity::some("estimate", quantity)?;
        }
        if let Some(name) = &self.name {
            line.name = text::required("estimate.line_name", "what this line is", name, limits::LINE_CHARS)?;
        }
        if let Some(price) = self.unit_price_cents {
            line.unit_price_cents = price.entered("estimate.unit_price")?;
        }
        if self.discount_percent.is_some() {
            line.discount_percent = offering::discount(self.discount_percent)?;
        }
        let option = line.option_id;
        settled(work, &mut offer, option)
    }
}
