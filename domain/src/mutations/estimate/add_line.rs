//! `estimate/v1/addLine`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OptionTotals, roots, settled};
use crate::{
    rules::{
        offer::Offer,
        offering::{self, NewLine},
    },
    tables::{Estimate, EstimateOption, Job},
};

/// Adds a line to an option of an estimate that is not signed yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AddEstimateLine {
    /// The job.
    pub job_id: Id<Job>,
    /// The estimate.
    pub estimate_id: Id<Estimate>,
    /// The option.
    pub option_id: Id<EstimateOption>,
    /// The line; comes after those that are there.
    pub line: NewLine,
}

impl Mutation for AddEstimateLine {
    const NAME: &'static str = "estimate/v1/addLine";
    const SUMMARY: &'static str = "Adds a line to an option of an estimate.";
    type Output = OptionTotals;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.estimate_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<OptionTotals, Stop> {
        let mut offer = Offer::of(ctx, work, self.job_id, self.estimate_id)?;
        offer.edit(work)?;
        offering::add_line(ctx, work, &mut offer, self.option_id, &self.line)?;
        settled(work, &mut offer, self.option_id)
    }
}
