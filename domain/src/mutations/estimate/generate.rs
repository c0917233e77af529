//! `estimate/v1/generate`.

use jiff::Timestamp;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OptionTotals, next_number, roots, valid_until};
use crate::{
    rules::{
        limits::{self, OPTIONS_PER_ESTIMATE},
        offer::{Offer, job_to_sell_on},
        offering::{self, NewOption},
        text,
    },
    tables::{Estimate, EstimateState, Job},
};

/// Writes an estimate for a job, with its options and their lines priced from the pricebook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GenerateEstimate {
    /// The job.
    pub job_id: Id<Job>,
    /// Id of the new estimate, made by the caller.
    pub estimate_id: Id<Estimate>,
    /// One line, at most 200 characters; the job's title when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::TITLE_CHARS))]
    pub title: Option<String>,
    /// First instant at which it can no longer be approved: in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// Its options, in order: good, better, best; at most 5. More can be added later.
    #[serde(default)]
    pub options: Vec<NewOption>,
}

/// The estimate as written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EstimateGenerated {
    /// The new estimate.
    pub estimate_id: Id<Estimate>,
    /// How people call it. May change once, when the server gives it anew.
    pub number: String,
    /// What its options come to, in order.
    pub options: Vec<OptionTotals>,
}

impl Mutation for GenerateEstimate {
    const NAME: &'static str = "estimate/v1/generate";
    const SUMMARY: &'static str = "Writes an estimate for a job, with options and lines.";
    type Output = EstimateGenerated;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.estimate_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<EstimateGenerated, Stop> {
        if self.options.len() > OPTIONS_PER_ESTIMATE {
            let message = format!("An estimate can have at most {OPTIONS_PER_ESTIMATE} options.");
            return Err(Rejection::bad_request("estimate.too_many_options", message).into());
        }
        let valid_until = valid_until(ctx, self.valid_until)?;
        let title = text::optional("estimate.title", "the title", self.title.as_deref(), limits::TITLE_CHARS)?;
        let wanted = "no estimate can be written for it";
        let (actor, job) = job_to_sell_on(ctx, work, self.job_id, "estimate.job_closed", wanted)?;
        let estimate = Estimate {
            id: self.estimate_id,
            rev: UNSAVED,
            job_id: job.id,
            branch_id: job.branch_id,
            customer_id: job.customer_id,
            number: next_number(work, &job)?,
            title: title.unwrap_or_else(|| job.title.clone()),
            state: EstimateState::Draft,
            user_id: ctx.user_id,
            supersedes_id: None,
            valid_until,
            presented_at: None,
            signed_option_id: None,
            approved_option_id: None,
            decided_at: None,
            decline_reason: None,
        };
        work.insert(&estimate)?;
        let mut offer = Offer::empty(actor, job, estimate);
        for option in &self.options {
            offering::add_option(ctx, work, &mut offer, option)?;
        }
        Ok(EstimateGenerated {
            estimate_id: offer.estimate.id,
            number: offer.estimate.number,
            options: offer.options.iter().map(OptionTotals::of).collect(),
        })
    }
}
