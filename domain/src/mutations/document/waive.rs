//! `document/v1/waive`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DocumentMoved, document_of};
use crate::{
    rules::{clock, documents, job_state, limits, text},
    tables::{DocumentState, Job, RequiredDocument},
};

/// Does without a required document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WaiveDocument {
    /// The job.
    pub job_id: Id<Job>,
    /// The document.
    pub document_id: Id<RequiredDocument>,
    /// Why; at most 2,000 characters.
    #[schemars(length(max = limits::REASON_CHARS))]
    pub reason: String,
}

impl Mutation for WaiveDocument {
    const NAME: &'static str = "document/v1/waive";
    const SUMMARY: &'static str = "Does without a required document, with the reason.";
    type Output = DocumentMoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.job_id), RowKey::of(self.document_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<DocumentMoved, Stop> {
        let reason = text::required("document.waive_reason", "a reason", &self.reason, limits::REASON_CHARS)?;
        let job: Job = work.require(self.job_id)?;
        job_state::require_open(&job, "job.closed", "its documents can no longer be changed")?;
        let mut document = document_of(work, self.job_id, self.document_id)?;
        if !documents::allowed(&document.state, &DocumentState::Waived) {
            let message = "This document is not open any more.";
            return Err(Rejection::conflict("document.state", message).into());
        }
        document.state = DocumentState::Waived;
        document.waive_reason = Some(reason);
        document.settled_at = Some(clock::acted_at(ctx));
        document.settled_by = Some(ctx.user_id);
        work.update(&document)?;
        Ok(DocumentMoved { document_id: document.id, state: document.state })
    }
}
