//! Licences and insurance.

use jiff::civil::Date;
use satchel_protocol::{Id, record, text_enum};
use uuid::Uuid;

use super::Technician;

text_enum! {
    /// What a credential is.
    pub enum CredentialKind {
        /// A permission to do the work.
        License = "license",
        /// Cover against damage.
        Insurance = "insurance",
    }
}

record! {
    /// A licence or an insurance, of a technician or of the whole organization. A renewal is a row of its own with the
    /// same kind and title; what counts on a day is whether one of them is valid then.
    pub struct Credential in "credential" {
        /// The technician's id, or the organization's.
        pub holder_id: Uuid,
        /// Whose it is; none when the organization's.
        pub technician_id: Option<Id<Technician>>,
        /// What it is.
        pub kind: CredentialKind,
        /// What it is called: `Gas fitter`.
        pub title: String,
        /// The number on it.
        pub number: Option<String>,
        /// Who gave it.
        pub issuer: Option<String>,
        /// First day on which it is valid.
        pub valid_from: Date,
        /// Last day on which it is valid; none when it does not expire.
        pub valid_until: Option<Date>,
    }
    scope: "holder_id";
    index BY_HOLDER = "credential.by_holder" on ["holder_id"];
}
