//! What a signature is bound to.

use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace};
use uuid::Uuid;

use super::{
    document::{self, Document},
    invoice::Bill,
    offer::Offer,
};
use crate::tables::{
    DocumentKind, DocumentState, EstimateOption, EstimateState, Invoice, InvoiceState, Job, MaterialUsed, Organization,
    RequiredDocument, Signature, SignatureOutcome, SubjectKind, Visit, VisitState,
};

/// Something to be signed, as it stands.
pub struct Subject {
    /// Its document.
    pub document: Document,
    /// The offer, if it is an option of one.
    pub offer: Option<Offer>,
}

impl Subject {
    /// Reads what is to be signed. Refuses what is not there, is not of that job (`signature.other_job`), cannot be
    /// signed as it stands (`signature.not_presented`, `signature.visit_not_over`, `signature.invoice_not_issued`,
    /// `signature.document_kind`, `signature.document_waived`), or is of a kind that this build does not know
    /// (`signature.subject_kind`).
    pub fn of(ctx: &Ctx, work: &mut Workspace, job: &Job, kind: &SubjectKind, id: Uuid) -> Result<Self, Stop> {
        let organization: Organization = work.require(Id::new(ctx.org_id))?;
        match kind {
            SubjectKind::EstimateOption => {
                let option: EstimateOption = work.require(Id::new(id))?;
                require_of_job(option.job_id, job)?;
                let offer = Offer::of(ctx, work, job.id, option.estimate_id)?;
                if offer.estimate.state != EstimateState::Presented {
                    let message = "Please present the estimate to the customer first; then it can be signed.";
                    return Err(Rejection::conflict("signature.not_presented", message).into());
                }
                let document = document::estimate_option(&organization, &offer.estimate, &option, &offer.lines);
                Ok(Self { document, offer: Some(offer) })
            }
            SubjectKind::Visit => {
                let visit: Visit = work.require(Id::new(id))?;
                require_of_job(visit.job_id, job)?;
                if !matches!(visit.state, VisitState::Completed | VisitState::PartiallyCompleted) {
                    let message = "Please complete the visit first; then its work can be signed.";
                    return Err(Rejection::conflict("signature.visit_not_over", message).into());
                }
                let materials: Vec<MaterialUsed> = work.find(MaterialUsed::BY_VISIT, vec![visit.id.into()])?;
                Ok(Self { document: document::visit(&organization, &visit, &materials), offer: None })
            }
            SubjectKind::Invoice => {
                let invoice: Invoice = work.require(Id::new(id))?;
                require_of_job(invoice.job_id, job)?;
                let Bill { invoice, lines, .. } = Bill::of(work, job.id, invoice.id)?;
                if matches!(invoice.state, InvoiceState::Draft | InvoiceState::Void) {
                    let message = "Please issue the invoice first; then it can be signed.";
                    return Err(Rejection::conflict("signature.invoice_not_issued", message).into());
                }
                Ok(Self { document: document::invoice(&organization, &invoice, &lines), offer: None })
            }
            SubjectKind::RequiredDocument => {
                let paper: RequiredDocument = work.require(Id::new(id))?;
                require_of_job(paper.job_id, job)?;
                if paper.kind != DocumentKind::Signature {
                    let message = "This document asks for something else than a signature.";
                    return Err(Rejection::conflict("signature.document_kind", message).into());
                }
                if paper.state == DocumentState::Waived {
                    let message = "The office does without this document, so it need not be signed.";
                    return Err(Rejection::conflict("signature.document_waived", message).into());
                }
                Ok(Self { document: document::required_document(&organization, &paper), offer: None })
            }
            SubjectKind::Unknown(_) => {
                let message = "This cannot be signed with this version of the app. Please update the app.";
                Err(Rejection::bad_request("signature.subject_kind", message).into())
            }
        }
    }
}

/// Refuses with `reason` when `subject` has been signed.
pub fn require_unsigned(work: &mut Workspace, subject: Uuid, reason: &str, message: &str) -> Result<(), Stop> {
    let signatures: Vec<Signature> = work.find(Signature::BY_SUBJECT, vec![Id::<Signature>::new(subject).into()])?;
    if signatures.iter().any(|signature| signature.outcome == SignatureOutcome::Signed) {
        return Err(Rejection::conflict(reason, message).into());
    }
    Ok(())
}

/// Refuses with `visit.signed` when the customer has signed the work of a visit.
pub fn require_visit_unsigned(work: &mut Workspace, visit: Id<Visit>) -> Result<(), Stop> {
    let message = "The customer has signed for this visit, so what was done on it can no longer be changed.";
    require_unsigned(work, visit.uuid(), "visit.signed", message)
}

fn require_of_job(owner: Id<Job>, job: &Job) -> Result<(), Rejection> {
    if owner == job.id {
        return Ok(());
    }
    Err(Rejection::bad_request("signature.other_job", "What is to be signed belongs to another job."))
}
