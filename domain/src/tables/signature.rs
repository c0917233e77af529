//! What a customer put a name to.

use jiff::Timestamp;
use satchel_protocol::{Id, record, text_enum};
use uuid::Uuid;

use super::{Branch, Job};

text_enum! {
    /// What can be signed.
    pub enum SubjectKind {
        /// An option of an estimate: `subject_id` is the option's.
        EstimateOption = "estimate_option",
        /// The work of a visit that is over.
        Visit = "visit",
        /// A paper a job needs signed.
        RequiredDocument = "required_document",
        /// An invoice.
        Invoice = "invoice",
    }
}

text_enum! {
    /// What the customer did.
    pub enum SignatureOutcome {
        /// Signed.
        Signed = "signed",
        /// Would not sign.
        Refused = "refused",
    }
}

text_enum! {
    /// What the signer is to the customer.
    pub enum SignerRelation {
        /// The customer.
        Customer = "customer",
        /// Of the customer's family.
        Family = "family",
        /// Lives or works there.
        Tenant = "tenant",
        /// Looks after the place.
        PropertyManager = "property_manager",
        /// Works for the customer.
        Employee = "employee",
        /// Somebody else.
        Other = "other",
    }
}

record! {
    /// A signature, or the refusal to give one. Append-only: nobody changes or deletes it.
    pub struct Signature in "signature" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// What kind of thing was to be signed.
        pub subject_kind: SubjectKind,
        /// Which one.
        pub subject_id: Uuid,
        /// Whether it was.
        pub outcome: SignatureOutcome,
        /// Who signed; for a refusal, who would not, where known.
        pub signer_name: Option<String>,
        /// What that person is to the customer.
        pub signer_relation: Option<SignerRelation>,
        /// SHA-256 of the document as it stood; see [`rules::document`](crate::rules::document).
        pub document_hash: Vec<u8>,
        /// The pen's way: vector strokes in the app's encoding. None for a refusal.
        pub strokes: Option<Vec<u8>>,
        /// Why not; none for a signature.
        pub refusal_reason: Option<String>,
        /// When, by the phone's corrected clock.
        pub signed_at: Timestamp,
        /// Whose phone it was.
        pub user_id: Uuid,
    }
    scope: "job_id";
    index BY_SUBJECT = "signature.by_subject" on ["subject_id"];
}
