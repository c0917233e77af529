//! What must be there before a visit is complete.

use jiff::Timestamp;
use satchel_protocol::{Id, record, text_enum};
use uuid::Uuid;

use super::{Branch, Job, Visit};

text_enum! {
    /// What kind of thing is asked for.
    pub enum DocumentKind {
        /// A photo; counts when captured, not when uploaded.
        Photo = "photo",
        /// Somebody's signature.
        Signature = "signature",
        /// A checklist of the job, all of whose required items are answered.
        Checklist = "checklist",
        /// Anything else that has an id.
        Other = "other",
    }
}

text_enum! {
    /// Whether it is there.
    pub enum DocumentState {
        /// Not yet.
        Open = "open",
        /// It is there.
        Satisfied = "satisfied",
        /// The office does without.
        Waived = "waived",
    }
}

record! {
    /// Something a job needs. While it is open and required, it blocks the completion of its visit, or of every visit of
    /// the job if it names none.
    pub struct RequiredDocument in "required_document" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The visit; none when any visit may bring it.
        pub visit_id: Option<Id<Visit>>,
        /// What kind of thing it is.
        pub kind: DocumentKind,
        /// What is asked for: `Photo of the meter`.
        pub title: String,
        /// Whether it blocks completion.
        pub required: bool,
        /// Whether it is there.
        pub state: DocumentState,
        /// Id of the photo, signature or checklist that satisfies it.
        pub reference_id: Option<Uuid>,
        /// When it was satisfied or waived, by the author's corrected clock.
        pub settled_at: Option<Timestamp>,
        /// Who satisfied or waived it.
        pub settled_by: Option<Uuid>,
        /// Why the office does without.
        pub waive_reason: Option<String>,
    }
    scope: "job_id";
    index BY_JOB = "required_document.by_job" on ["job_id"];
}
