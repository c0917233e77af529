//! `estimate/v1/decline`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EstimateMoved, roots};
use crate::{
    rules::{clock, estimate_state::Intent, limits, offer::Offer, text},
    tables::{Estimate, Job},
};

/// Notes that the customer does not want a presented estimate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeclineEstimate {
    /// The job.
    pub job_id: Id<Job>,
    /// The estimate.
    pub estimate_id: Id<Estimate>,
    /// Why; at most 2,000 characters.
    #[schemars(length(max = limits::REASON_CHARS))]
    pub reason: String,
}

impl Mutation for DeclineEstimate {
    const NAME: &'static str = "estimate/v1/decline";
    const SUMMARY: &'static str = "Notes that the customer declined an estimate.";
    type Output = EstimateMoved;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.estimate_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<EstimateMoved, Stop> {
        let reason = text::required("estimate.reason", "a reason", &self.reason, limits::REASON_CHARS)?;
        let mut offer = Offer::of(ctx, work, self.job_id, self.estimate_id)?;
        offer.estimate.decline_reason = Some(reason);
        offer.estimate.decided_at = Some(clock::acted_at(ctx));
        offer.step(work, Intent::Decline)?;
        Ok(EstimateMoved::of(&offer))
    }
}
