//! `estimate/v1/removeLine`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OptionTotals, roots, settled};
use crate::{
    rules::offer::Offer,
    tables::{Estimate, EstimateLine, Job},
};

/// Removes a line from an estimate that is not signed yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RemoveEstimateLine {
    /// The job.
    pub job_id: Id<Job>,
    /// The estimate.
    pub estimate_id: Id<Estimate>,
    /// The line.
    pub line_id: Id<EstimateLine>,
}

impl Mutation for RemoveEstimateLine {
    const NAME: &'static str = "estimate/v1/removeLine";
    const SUMMARY: &'static str = "Removes a line from an estimate.";
    type Output = OptionTotals;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.estimate_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<OptionTotals, Stop> {
        let mut offer = Offer::of(ctx, work, self.job_id, self.estimate_id)?;
        offer.edit(work)?;
        let option = offer.line_mut(self.line_id)?.option_id;
        work.delete(self.line_id)?;
        offer.lines.retain(|line| line.id != self.line_id);
        settled(work, &mut offer, option)
    }
}
