//! One trip for a job.

use jiff::Timestamp;
use satchel_protocol::{Id, record, text_enum};

use super::{Branch, Job};

text_enum! {
    /// Where a visit stands.
    pub enum VisitState {
        /// Planned.
        Scheduled = "scheduled",
        /// Sent to the technician.
        Dispatched = "dispatched",
        /// The technician said yes.
        Accepted = "accepted",
        /// On the way.
        Traveling = "traveling",
        /// At work.
        OnSite = "on_site",
        /// Work interrupted.
        Paused = "paused",
        /// Done.
        Completed = "completed",
        /// Done in part; another visit is needed.
        PartiallyCompleted = "partially_completed",
        /// Could not be done.
        CannotComplete = "cannot_complete",
        /// Called off.
        Canceled = "canceled",
    }
}

record! {
    /// A visit.
    pub struct Visit in "visit" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// Where it stands.
        pub state: VisitState,
        /// Start of the promised arrival window.
        pub window_start: Timestamp,
        /// End of the promised arrival window.
        pub window_end: Timestamp,
        /// IANA time zone the window was promised in.
        pub zone: String,
        /// When the technician arrived, by the phone's corrected clock.
        pub arrived_at: Option<Timestamp>,
        /// When it ended, by the phone's corrected clock.
        pub ended_at: Option<Timestamp>,
        /// What was done, or why not.
        pub outcome: Option<String>,
    }
    scope: "job_id";
    index BY_JOB = "visit.by_job" on ["job_id"];
}
