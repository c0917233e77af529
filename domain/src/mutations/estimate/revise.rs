//! `estimate/v1/revise`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OptionTotals, next_number, roots};
use crate::{
    rules::{
        estimate_state::{self, Intent},
        offer::Offer,
    },
    tables::{Estimate, EstimateLine, EstimateOption, EstimateState, Job},
};

/// Begins a new estimate as a copy of one that was presented, prices as they stand there. It takes the place of the old
/// one: at once, or, when the customer has signed the old one, as soon as the new one is approved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReviseEstimate {
    /// The job.
    pub job_id: Id<Job>,
    /// The estimate to replace.
    pub estimate_id: Id<Estimate>,
    /// Id of the new estimate, made by the caller.
    pub revision_id: Id<Estimate>,
}

/// The new draft.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EstimateRevised {
    /// The new estimate.
    pub revision_id: Id<Estimate>,
    /// How people call it. May change once, when the server gives it anew.
    pub number: String,
    /// What its options come to, in order.
    pub options: Vec<OptionTotals>,
}

impl Mutation for ReviseEstimate {
    const NAME: &'static str = "estimate/v1/revise";
    const SUMMARY: &'static str = "Begins a new estimate that takes the place of another.";
    type Output = EstimateRevised;

    fn roots(&self) -> Vec<RowKey> {
        let mut roots = roots(self.job_id, self.estimate_id);
        roots.push(RowKey::of(self.revision_id));
        roots
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<EstimateRevised, Stop> {
        let mut old = Offer::of(ctx, work, self.job_id, self.estimate_id)?;
        estimate_state::next(&old.estimate.state, Intent::Supersede)?;
        let estimate = Estimate {
            id: self.revision_id,
            rev: UNSAVED,
            number: next_number(work, &old.job)?,
            state: EstimateState::Draft,
            user_id: ctx.user_id,
            supersedes_id: Some(old.estimate.id),
            valid_until: None,
            presented_at: None,
            signed_option_id: None,
            approved_option_id: None,
            decided_at: None,
            decline_reason: None,
            ..old.estimate.clone()
        };
        work.insert(&estimate)?;
        if old.estimate.signed_option_id.is_none() {
            old.step(work, Intent::Supersede)?;
        }
        let mut new = Offer::empty(old.actor, old.job.clone(), estimate);
        for option in &old.options {
            copy(ctx, work, &old, option, &mut new)?;
        }
        Ok(EstimateRevised {
            revision_id: new.estimate.id,
            number: new.estimate.number,
            options: new.options.iter().map(OptionTotals::of).collect(),
        })
    }
}

fn copy(ctx: &Ctx, work: &mut Workspace, old: &Offer, option: &EstimateOption, new: &mut Offer) -> Result<(), Stop> {
    let id = ctx.derive_id(&format!("estimate_option/{}", option.id));
    let copied = EstimateOption { id, rev: UNSAVED, estimate_id: new.estimate.id, ..option.clone() };
    work.insert(&copied)?;
    new.options.push(copied);
    for line in old.lines_of(option.id) {
        let line_id = ctx.derive_id(&format!("estimate_line/{}", line.id));
        let estimate_id = new.estimate.id;
        let line = EstimateLine { id: line_id, rev: UNSAVED, estimate_id, option_id: id, ..line.clone() };
        work.insert(&line)?;
        new.lines.push(line);
    }
    new.reduced_before(id, old, option.id);
    new.settle(work, id)
}
