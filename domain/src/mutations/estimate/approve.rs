//! `estimate/v1/approve`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EstimateMoved, roots};
use crate::{
    rules::{
        clock, document,
        estimate_state::{self, Intent},
        offer::Offer,
    },
    tables::{Estimate, EstimateOption, Job, Organization, Signature, SignatureOutcome},
};

/// Approves the option of a presented estimate that the customer has signed with `signature/v1/capture`. An estimate
/// that this one revises is superseded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ApproveEstimate {
    /// The job.
    pub job_id: Id<Job>,
    /// The estimate.
    pub estimate_id: Id<Estimate>,
    /// The option the customer chose.
    pub option_id: Id<EstimateOption>,
    /// The customer's signature on that option.
    pub signature_id: Id<Signature>,
}

impl Mutation for ApproveEstimate {
    const NAME: &'static str = "estimate/v1/approve";
    const SUMMARY: &'static str = "Approves the option of an estimate that the customer signed.";
    type Output = EstimateMoved;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.estimate_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<EstimateMoved, Stop> {
        let mut offer = Offer::of(ctx, work, self.job_id, self.estimate_id)?;
        let decided_at = clock::acted_at(ctx);
        estimate_state::next(&offer.estimate.state, Intent::Approve)?;
        let option = offer.option(self.option_id)?.clone();
        let signature: Signature = work.require(self.signature_id)?;
        let signed =
            signature.outcome == SignatureOutcome::Signed && offer.estimate.signed_option_id == Some(option.id);
        if signature.subject_id != option.id.uuid() || !signed {
            let message = "The customer has not signed this option. Please let the customer sign it first.";
            return Err(Rejection::conflict("estimate.not_signed", message).into());
        }
        offer.require_valid(signature.signed_at)?;
        // Nothing in it can have changed since; should it have all the same, it is not what the customer agreed to.
        let organization: Organization = work.require(Id::new(ctx.org_id))?;
        let document = document::estimate_option(&organization, &offer.estimate, &option, &offer.lines);
        if document.hash() != signature.document_hash[..] {
            let message =
                "This is not the estimate that the customer signed. Please revise it, and let the customer sign.";
            return Err(Rejection::conflict("estimate.signature_of_other_document", message).into());
        }
        offer.estimate.approved_option_id = Some(option.id);
        offer.estimate.decided_at = Some(decided_at);
        offer.step(work, Intent::Approve)?;
        supersede_revised(work, &offer.estimate)?;
        Ok(EstimateMoved::of(&offer))
    }
}

/// An estimate that was signed stands until what revises it is approved, which is now.
fn supersede_revised(work: &mut Workspace, estimate: &Estimate) -> Result<(), Stop> {
    let Some(revised) = estimate.supersedes_id else { return Ok(()) };
    let mut revised: Estimate = work.require(revised)?;
    if let Ok(state) = estimate_state::next(&revised.state, Intent::Supersede) {
        revised.state = state;
        work.update(&revised)?;
    }
    Ok(())
}
