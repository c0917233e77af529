//! `estimate/v1/present`.

use jiff::Timestamp;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EstimateMoved, roots, valid_until};
use crate::{
    rules::{
        estimate_state::Intent,
        offer::{Offer, acting_in_time},
    },
    tables::{Estimate, Job},
};

/// Shows an estimate to the customer, at the time of the tap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PresentEstimate {
    /// The job.
    pub job_id: Id<Job>,
    /// The estimate.
    pub estimate_id: Id<Estimate>,
    /// New first instant at which it can no longer be approved: in the future. Stays as it is when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

impl Mutation for PresentEstimate {
    const NAME: &'static str = "estimate/v1/present";
    const SUMMARY: &'static str = "Shows an estimate to the customer.";
    type Output = EstimateMoved;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.estimate_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<EstimateMoved, Stop> {
        let valid_until = valid_until(ctx, self.valid_until)?;
        let mut offer = Offer::of(ctx, work, self.job_id, self.estimate_id)?;
        offer.require_unsigned()?;
        if valid_until.is_some() {
            offer.estimate.valid_until = valid_until;
        }
        let now = acting_in_time(ctx, &offer)?;
        let empty = offer.options.iter().any(|option| offer.lines_of(option.id).next().is_none());
        if offer.options.is_empty() || empty {
            let message = "Every option needs at least one line before the estimate can be presented.";
            return Err(Rejection::conflict("estimate.empty", message).into());
        }
        offer.estimate.presented_at = Some(now);
        offer.step(work, Intent::Present)?;
        Ok(EstimateMoved::of(&offer))
    }
}
