//! When somebody booked against a warning.

use jiff::Timestamp;
use satchel_protocol::{Id, record, text_enum};
use uuid::Uuid;

use super::{Branch, Job, Technician, Visit};

text_enum! {
    /// What a dispatcher is warned of.
    pub enum DispatchRule {
        /// The technician has another visit then.
        DoubleBooking = "double_booking",
        /// The technician is away then.
        Absence = "absence",
        /// The technician does not work at that hour.
        OutsideHours = "outside_hours",
        /// The place lies outside the technician's territories.
        OutsideTerritory = "outside_territory",
        /// The technician lacks a skill that the job asks for.
        MissingSkill = "missing_skill",
        /// A skill that the job asks for will have expired.
        ExpiredSkill = "expired_skill",
        /// A licence of the technician or the organization is not valid then.
        ExpiredLicense = "expired_license",
        /// An insurance of the technician or the organization is not valid then.
        ExpiredInsurance = "expired_insurance",
    }
}

record! {
    /// A booking against a warning. Append-only, and of the office only.
    pub struct DispatchOverride in "dispatch_override" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The visit.
        pub visit_id: Id<Visit>,
        /// Who was booked.
        pub technician_id: Id<Technician>,
        /// What the warning was of.
        pub rule: DispatchRule,
        /// Why it was booked all the same; none from an old app, which asked for none.
        pub reason: Option<String>,
        /// Who booked.
        pub user_id: Uuid,
        /// When, by the author's corrected clock.
        pub occurred_at: Timestamp,
    }
    scope: "job_id";
    index BY_VISIT = "dispatch_override.by_visit" on ["visit_id"];
}
