//! `document/v1/require`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::DocumentMoved;
use crate::{
    rules::{
        job_state,
        limits::{self, DOCUMENTS_PER_JOB},
        text, visit_state,
    },
    tables::{DocumentKind, DocumentState, Job, RequiredDocument, Visit},
};

/// Asks for a document on a job, or on one of its visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RequireDocument {
    /// Id of the new row, made by the caller.
    pub document_id: Id<RequiredDocument>,
    /// The job; it can ask for at most 50 documents.
    pub job_id: Id<Job>,
    /// The open visit that has to bring it; left out when any visit of the job may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_id: Option<Id<Visit>>,
    /// What kind of thing it is.
    pub kind: DocumentKind,
    /// What is asked for; at most 200 characters.
    #[schemars(length(max = limits::TITLE_CHARS))]
    pub title: String,
    /// Whether it blocks completion; left out, it does.
    #[serde(default = "blocking")]
    pub required: bool,
}

fn blocking() -> bool {
    true
}

impl Mutation for RequireDocument {
    const NAME: &'static str = "document/v1/require";
    const SUMMARY: &'static str = "Asks for a photo, a signature, a checklist or another document on a job.";
    type Output = DocumentMoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.job_id), RowKey::of(self.document_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<DocumentMoved, Stop> {
        if let DocumentKind::Unknown(_) = self.kind {
            let message = "Please choose one of photo, signature, checklist and other.";
            return Err(Rejection::bad_request("document.kind", message).into());
        }
        let title = text::required("document.title", "what is asked for", &self.title, limits::TITLE_CHARS)?;
        let job: Job = work.require(self.job_id)?;
        job_state::require_open(&job, "job.closed", "no document can be asked for")?;
        if let Some(visit) = self.visit_id {
            let visit: Visit = work.require(visit)?;
            if visit.job_id != job.id {
                return Err(Rejection::bad_request("visit.other_job", "This visit belongs to another job.").into());
            }
            if !visit_state::is_open(&visit.state) {
                let message = "This visit has ended, so nothing more can be asked of it.";
                return Err(Rejection::conflict("visit.closed", message).into());
            }
        }
        let present: Vec<RequiredDocument> = work.find(RequiredDocument::BY_JOB, vec![job.id.into()])?;
        if present.len() >= DOCUMENTS_PER_JOB {
            let message = format!("A job can ask for at most {DOCUMENTS_PER_JOB} documents.");
            return Err(Rejection::conflict("document.too_many", message).into());
        }
        work.insert(&RequiredDocument {
            id: self.document_id,
            rev: UNSAVED,
            job_id: job.id,
            branch_id: job.branch_id,
            visit_id: self.visit_id,
            kind: self.kind.clone(),
            title,
            required: self.required,
            state: DocumentState::Open,
            reference_id: None,
            settled_at: None,
            settled_by: None,
            waive_reason: None,
        })?;
        Ok(DocumentMoved { document_id: self.document_id, state: DocumentState::Open })
    }
}
