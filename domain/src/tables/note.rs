//! A note that several people may edit.

use satchel_protocol::{Id, record};

use super::{Branch, Job};

record! {
    /// A note on a job. `text` is the materialised document of its [`NoteChange`](super::NoteChange)s.
    pub struct Note in "note" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// One line.
        pub title: String,
        /// The text as of all known changes.
        pub text: String,
    }
    scope: "job_id";
    index BY_JOB = "note.by_job" on ["job_id"];
}
