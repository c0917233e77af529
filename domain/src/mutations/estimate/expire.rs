//! `estimate/v1/expire`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EstimateMoved, roots};
use crate::{
    rules::{clock, estimate_state::Intent, offer::Offer},
    tables::{Estimate, Job},
};

/// Marks a presented estimate as expired, once its validity has ended. For the office, or what works for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExpireEstimate {
    /// The job.
    pub job_id: Id<Job>,
    /// The estimate.
    pub estimate_id: Id<Estimate>,
}

impl Mutation for ExpireEstimate {
    const NAME: &'static str = "estimate/v1/expire";
    const SUMMARY: &'static str = "Marks an estimate as expired, once its validity has ended.";
    type Output = EstimateMoved;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.estimate_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<EstimateMoved, Stop> {
        let mut offer = Offer::of(ctx, work, self.job_id, self.estimate_id)?;
        let now = clock::acted_at(ctx);
        if offer.require_valid(now).is_ok() {
            let message = "This estimate is still valid.";
            return Err(Rejection::conflict("estimate.still_valid", message).into());
        }
        offer.estimate.decided_at = Some(now);
        offer.step(work, Intent::Expire)?;
        Ok(EstimateMoved::of(&offer))
    }
}
