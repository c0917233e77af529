//! Who goes.

use jiff::Timestamp;
use satchel_protocol::{Id, record};

use super::{Branch, Job, Technician, Visit};

record! {
    /// A technician on a visit. Decides what a phone holds, so it carries the window's dates, and its changes wake the
    /// technician's scope as well as the job's.
    pub struct Assignment in "assignment" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The visit.
        pub visit_id: Id<Visit>,
        /// Who goes.
        pub technician_id: Id<Technician>,
        /// Copy of the visit's window start.
        pub window_start: Timestamp,
        /// Copy of the visit's window end.
        pub window_end: Timestamp,
        /// Whether the visit is still open; copy, so that membership needs this table alone.
        pub open: bool,
        /// Whether the dispatcher confirmed an overlap with other work of the technician.
        pub overlap_confirmed: bool,
    }
    scope: "job_id";
    index BY_VISIT = "assignment.by_visit" on ["visit_id"];
    index BY_JOB = "assignment.by_job" on ["job_id"];
    index BY_TECHNICIAN = "assignment.by_technician" on ["technician_id"] range "window_start";
}
