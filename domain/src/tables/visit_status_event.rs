//! How a visit went, step by step.

use jiff::Timestamp;
use satchel_protocol::{Id, record};
use uuid::Uuid;

use super::{Branch, Job, Visit, VisitState};

record! {
    /// A change of a visit's state. Append-only.
    pub struct VisitStatusEvent in "visit_status_event" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The visit.
        pub visit_id: Id<Visit>,
        /// State before.
        pub from_state: VisitState,
        /// State after.
        pub to_state: VisitState,
        /// When it happened, by the author's corrected clock.
        pub occurred_at: Timestamp,
        /// Who did it.
        pub user_id: Uuid,
        /// Why, where a reason is asked.
        pub reason: Option<String>,
    }
    scope: "job_id";
    index BY_VISIT = "visit_status_event.by_visit" on ["visit_id"];
}
