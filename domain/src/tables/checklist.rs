//! A checklist on a visit.

use satchel_protocol::{Id, record};

use super::{Branch, ChecklistTemplate, Job, Visit};

record! {
    /// A template's instance on a visit.
    pub struct Checklist in "checklist" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The visit.
        pub visit_id: Id<Visit>,
        /// The template.
        pub template_id: Id<ChecklistTemplate>,
    }
    scope: "job_id";
    index BY_VISIT = "checklist.by_visit" on ["visit_id"];
}
