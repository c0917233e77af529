//! `document/v1/satisfy`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DocumentMoved, document_of};
use crate::{
    rules::{
        checklists, clock, documents,
        scene::{self, Scene},
    },
    tables::{
        Checklist, DocumentKind, DocumentState, Job, RequiredDocument, Signature, SignatureOutcome, SubjectKind, Visit,
    },
};

/// Says which photo, signature or checklist a required document is. A photo counts when captured, not when uploaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SatisfyDocument {
    /// The job.
    pub job_id: Id<Job>,
    /// The visit on which it was brought.
    pub visit_id: Id<Visit>,
    /// The document.
    pub document_id: Id<RequiredDocument>,
    /// Id of the photo, the signature, or the checklist. A checklist must be of this visit and have no required item
    /// open; a signature must have been given on this job, on this document, this visit, an estimate or an invoice. A
    /// photo, or another paper, is known by its id alone.
    pub reference_id: Uuid,
}

impl Mutation for SatisfyDocument {
    const NAME: &'static str = "document/v1/satisfy";
    const SUMMARY: &'static str = "Says which photo, signature or checklist a required document is.";
    type Output = DocumentMoved;

    fn roots(&self) -> Vec<RowKey> {
        let mut roots = scene::roots(self.job_id, self.visit_id);
        roots.push(RowKey::of(self.document_id));
        roots
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<DocumentMoved, Stop> {
        if self.reference_id.is_nil() {
            let message = "Please say which photo, signature or checklist it is.";
            return Err(Rejection::bad_request("document.reference", message).into());
        }
        let scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
        scene.require_papers_open("its documents can no longer be changed")?;
        let mut document = document_of(work, self.job_id, self.document_id)?;
        if !documents::concerns(&document, self.visit_id) {
            let message = "This document is asked of another visit.";
            return Err(Rejection::bad_request("document.other_visit", message).into());
        }
        if !documents::allowed(&document.state, &DocumentState::Satisfied) {
            let message = "The office does without this document, so it is not needed any more.";
            return Err(Rejection::conflict("document.state", message).into());
        }
        match document.kind {
            DocumentKind::Checklist => self.require_checklist(work)?,
            DocumentKind::Signature => self.require_signature(work)?,
            // A photo counts when captured: nothing of it but its id need be here yet.
            DocumentKind::Photo | DocumentKind::Other | DocumentKind::Unknown(_) => {}
        }
        document.state = DocumentState::Satisfied;
        document.reference_id = Some(self.reference_id);
        document.settled_at = Some(clock::acted_at(ctx));
        document.settled_by = Some(ctx.user_id);
        work.update(&document)?;
        Ok(DocumentMoved { document_id: document.id, state: document.state })
    }
}

impl SatisfyDocument {
    fn require_checklist(&self, work: &mut Workspace) -> Result<(), Stop> {
        let checklist: Checklist = work.require(Id::new(self.reference_id))?;
        if checklist.visit_id != self.visit_id {
            let message = "This checklist belongs to another visit.";
            return Err(Rejection::bad_request("checklist.other_visit", message).into());
        }
        if checklists::open_in(work, &checklist)? > 0 {
            let message = "Required items of this checklist are still open. Please answer them first.";
            return Err(Rejection::conflict("document.checklist_open", message).into());
        }
        Ok(())
    }

    fn require_signature(&self, work: &mut Workspace) -> Result<(), Stop> {
        let signature: Signature = work.require(Id::new(self.reference_id))?;
        if signature.job_id != self.job_id {
            let message = "This signature was given on another job.";
            return Err(Rejection::bad_request("document.other_signature", message).into());
        }
        let elsewhere = match signature.subject_kind {
            SubjectKind::RequiredDocument => signature.subject_id != self.document_id.uuid(),
            SubjectKind::Visit => signature.subject_id != self.visit_id.uuid(),
            // They are the job's, whatever the visit.
            SubjectKind::EstimateOption | SubjectKind::Invoice | SubjectKind::Unknown(_) => false,
        };
        if elsewhere {
            let message = "This signature was given on something else. Please have this document signed.";
            return Err(Rejection::bad_request("document.other_signature", message).into());
        }
        if signature.outcome != SignatureOutcome::Signed {
            let message = "The customer would not sign, so the document is still missing. Please ask your office.";
            return Err(Rejection::conflict("document.signature_refused", message).into());
        }
        Ok(())
    }
}
