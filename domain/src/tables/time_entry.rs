//! When somebody worked.

use jiff::Timestamp;
use satchel_protocol::{Id, record, text_enum};

use super::{Branch, Job, Technician, Visit};

text_enum! {
    /// What the time was spent on.
    pub enum TimeKind {
        /// On the way.
        Travel = "travel",
        /// At work.
        Work = "work",
        /// Resting.
        Break = "break",
    }
}

record! {
    /// A stretch of a technician's time. Scoped to the technician, who must see all of it to keep it free of overlaps.
    pub struct TimeEntry in "time_entry" {
        /// Whose time.
        pub technician_id: Id<Technician>,
        /// The technician's branch.
        pub branch_id: Id<Branch>,
        /// The job it is booked on.
        pub job_id: Option<Id<Job>>,
        /// The visit it is booked on.
        pub visit_id: Option<Id<Visit>>,
        /// What it was spent on.
        pub kind: TimeKind,
        /// Start, by the phone's corrected clock.
        pub started_at: Timestamp,
        /// End; none while running.
        pub ended_at: Option<Timestamp>,
        /// Whether it overlaps another entry of the technician; accepted, and flagged for the office.
        pub overlaps: bool,
        /// What the phone said the time was at the start, where a phone was there: its claim, beside the corrected time.
        pub started_device_clock: Option<Timestamp>,
        /// What it said at the end; none where a person stated the end.
        pub ended_device_clock: Option<Timestamp>,
    }
    scope: "technician_id";
    index BY_TECHNICIAN = "time_entry.by_technician" on ["technician_id"] range "started_at";
    index BY_JOB = "time_entry.by_job" on ["job_id"];
    index BY_VISIT = "time_entry.by_visit" on ["visit_id"];
}
