//! `signature/v1/refuse`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{known, require_hash};
use crate::{
    rules::{
        clock,
        limits::{REASON_CHARS, SIGNER_CHARS},
        offer::job_to_sell_on,
        signing::{self, Subject},
        text,
    },
    tables::{Job, Signature, SignatureOutcome, SignerRelation, SubjectKind},
};

/// Keeps that somebody would not sign a document as it stands. It can still be signed, or changed, later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RefuseSignature {
    /// The job.
    pub job_id: Id<Job>,
    /// Id of the new row, made by the caller.
    pub signature_id: Id<Signature>,
    /// What was to be signed: an option of a presented estimate, a visit that is over, an issued invoice, or a
    /// required document that asks for a signature.
    pub subject_kind: SubjectKind,
    /// Which one.
    pub subject_id: Uuid,
    /// SHA-256 of the document that was shown.
    #[schemars(length(max = super::HASH_CHARS), extend("contentEncoding" = "base64"))]
    pub document_hash: String,
    /// Who would not sign, where known: one line, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = SIGNER_CHARS))]
    pub signer_name: Option<String>,
    /// What that person is to the customer, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer_relation: Option<SignerRelation>,
    /// Why not; at most 2,000 characters.
    #[schemars(length(max = REASON_CHARS))]
    pub reason: String,
}

/// The refusal was kept.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SignatureRefused {
    /// The new row.
    pub signature_id: Id<Signature>,
}

impl Mutation for RefuseSignature {
    const NAME: &'static str = "signature/v1/refuse";
    const SUMMARY: &'static str = "Keeps that a customer would not sign a document.";
    type Output = SignatureRefused;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.job_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<SignatureRefused, Stop> {
        let reason = text::required("signature.reason", "a reason", &self.reason, REASON_CHARS)?;
        let signer = self.signer_name.as_deref();
        let signer_name = text::optional("signature.signer", "who would not sign", signer, SIGNER_CHARS)?;
        let signer_relation = known(self.signer_relation.as_ref())?;
        let signed_at = clock::acted_at(ctx);
        let (_, job) = job_to_sell_on(ctx, work, self.job_id, "signature.job_closed", "nothing can be signed on it")?;
        let subject = Subject::of(ctx, work, &job, &self.subject_kind, self.subject_id)?;
        let message = "This has been signed already.";
        signing::require_unsigned(work, self.subject_id, "signature.signed_already", message)?;
        work.insert(&Signature {
            id: self.signature_id,
            rev: UNSAVED,
            job_id: job.id,
            branch_id: job.branch_id,
            subject_kind: self.subject_kind.clone(),
            subject_id: self.subject_id,
            outcome: SignatureOutcome::Refused,
            signer_name,
            signer_relation,
            document_hash: require_hash(&self.document_hash, &subject.document)?,
            strokes: None,
            refusal_reason: Some(reason),
            signed_at,
            user_id: ctx.user_id,
        })?;
        Ok(SignatureRefused { signature_id: self.signature_id })
    }
}
