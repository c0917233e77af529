//! `estimate/v1/addOption`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OptionTotals, roots};
use crate::{
    rules::{
        offer::Offer,
        offering::{self, NewOption},
    },
    tables::{Estimate, Job},
};

/// Adds an option to an estimate that is not signed yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AddEstimateOption {
    /// The job.
    pub job_id: Id<Job>,
    /// The estimate.
    pub estimate_id: Id<Estimate>,
    /// The option; comes after those that are there.
    pub option: NewOption,
}

impl Mutation for AddEstimateOption {
    const NAME: &'static str = "estimate/v1/addOption";
    const SUMMARY: &'static str = "Adds an option to an estimate.";
    type Output = OptionTotals;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.estimate_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<OptionTotals, Stop> {
        let mut offer = Offer::of(ctx, work, self.job_id, self.estimate_id)?;
        offer.edit(work)?;
        offering::add_option(ctx, work, &mut offer, &self.option)?;
        Ok(OptionTotals::of(offer.option(self.option.option_id)?))
    }
}
