//! `signature/v1/capture`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{known, require_hash};
use crate::{
    rules::{
        clock,
        limits::{self, SIGNATURE_STROKES_BYTES, SIGNER_CHARS},
        offer::{acting_in_time, job_to_sell_on},
        signing::{self, Subject},
        text,
    },
    tables::{EstimateOption, Job, Signature, SignatureOutcome, SignerRelation, SubjectKind},
};

/// Keeps a signature on a document as it stands. From then on what was signed cannot be changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaptureSignature {
    /// The job.
    pub job_id: Id<Job>,
    /// Id of the new signature, made by the caller.
    pub signature_id: Id<Signature>,
    /// What is signed: an option of a presented estimate, a visit that is over, an issued invoice, or a
    /// required document that asks for a signature.
    pub subject_kind: SubjectKind,
    /// Which one.
    pub subject_id: Uuid,
    /// SHA-256 of the document that the signer saw; see the protocol's page on documents. Refused
    /// with `signature.document_changed` when the document is another one by now.
    #[schemars(length(max = super::HASH_CHARS), extend("contentEncoding" = "base64"))]
    pub document_hash: String,
    /// Who signs: one line, at most 200 characters.
    #[schemars(length(max = SIGNER_CHARS))]
    pub signer_name: String,
    /// What that person is to the customer.
    pub signer_relation: SignerRelation,
    /// The pen's way, vector strokes in the app's own encoding; 1 to 65,536 bytes.
    #[schemars(length(max = limits::base64_chars(SIGNATURE_STROKES_BYTES)), extend("contentEncoding" = "base64"))]
    pub strokes: String,
}

/// The signature was kept.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SignatureCaptured {
    /// The new signature.
    pub signature_id: Id<Signature>,
}

impl Mutation for CaptureSignature {
    const NAME: &'static str = "signature/v1/capture";
    const SUMMARY: &'static str = "Keeps a customer's signature on a document.";
    type Output = SignatureCaptured;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.job_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<SignatureCaptured, Stop> {
        let signer_name = text::required("signature.signer", "who signs", &self.signer_name, SIGNER_CHARS)?;
        let signer_relation = known(Some(&self.signer_relation))?;
        let strokes = strokes(&self.strokes)?;
        let signed_at = clock::acted_at(ctx);
        let (_, job) = job_to_sell_on(ctx, work, self.job_id, "signature.job_closed", "nothing can be signed on it")?;
        let subject = Subject::of(ctx, work, &job, &self.subject_kind, self.subject_id)?;
        let message = "This has been signed already.";
        signing::require_unsigned(work, self.subject_id, "signature.signed_already", message)?;
        let document_hash = require_hash(&self.document_hash, &subject.document)?;
        if let Some(mut offer) = subject.offer {
            offer.require_unsigned()?;
            acting_in_time(ctx, &offer)?;
            offer.estimate.signed_option_id = Some(Id::<EstimateOption>::new(self.subject_id));
            work.update(&offer.estimate)?;
        }
        work.insert(&Signature {
            id: self.signature_id,
            rev: UNSAVED,
            job_id: job.id,
            branch_id: job.branch_id,
            subject_kind: self.subject_kind.clone(),
            subject_id: self.subject_id,
            outcome: SignatureOutcome::Signed,
            signer_name: Some(signer_name),
            signer_relation,
            document_hash,
            strokes: Some(strokes),
            refusal_reason: None,
            signed_at,
            user_id: ctx.user_id,
        })?;
        Ok(SignatureCaptured { signature_id: self.signature_id })
    }
}

fn strokes(text: &str) -> Result<Vec<u8>, Rejection> {
    let refuse = |reason, message: String| Err(Rejection::bad_request(reason, message));
    // Base64 takes four characters for three bytes: nothing larger is decoded at all.
    if text.len() > limits::base64_chars(SIGNATURE_STROKES_BYTES) {
        let message = format!("The signature's drawing can have at most {SIGNATURE_STROKES_BYTES} bytes.");
        return refuse("signature.strokes_too_large", message);
    }
    match STANDARD.decode(text) {
        Ok(strokes) if strokes.len() > SIGNATURE_STROKES_BYTES => {
            let message = format!("The signature's drawing can have at most {SIGNATURE_STROKES_BYTES} bytes.");
            refuse("signature.strokes_too_large", message)
        }
        Ok(strokes) if strokes.is_empty() => {
            refuse("signature.strokes_empty", "Please let the customer sign on the screen.".to_owned())
        }
        Ok(strokes) => Ok(strokes),
        Err(_) => {
            refuse("signature.strokes", "The signature's drawing is malformed. Please update the app.".to_owned())
        }
    }
}
