//! When a technician is away.

use jiff::Timestamp;
use satchel_protocol::{Id, record, text_enum};
use uuid::Uuid;

use super::{Branch, Technician};

text_enum! {
    /// Why a technician is away.
    pub enum AbsenceKind {
        /// Paid time off.
        Pto = "pto",
        /// Ill.
        Sick = "sick",
        /// At a course.
        Training = "training",
        /// Anything else.
        Other = "other",
    }
}

text_enum! {
    /// Where an absence stands.
    pub enum AbsenceState {
        /// Asked for.
        Requested = "requested",
        /// Granted.
        Approved = "approved",
        /// Not granted.
        Declined = "declined",
        /// Taken back.
        Canceled = "canceled",
    }
}

record! {
    /// A stretch of time in which a technician does not work: an exception from the [`WorkingHours`](super::WorkingHours).
    pub struct Absence in "absence" {
        /// Who is away.
        pub technician_id: Id<Technician>,
        /// The technician's branch.
        pub branch_id: Id<Branch>,
        /// Why.
        pub kind: AbsenceKind,
        /// Where it stands.
        pub state: AbsenceState,
        /// First instant away.
        pub starts_at: Timestamp,
        /// First instant back.
        pub ends_at: Timestamp,
        /// What there is to say about it.
        pub note: Option<String>,
        /// Who asked.
        pub requested_by: Uuid,
        /// Who granted, declined or took it back.
        pub decided_by: Option<Uuid>,
        /// When, by that person's corrected clock.
        pub decided_at: Option<Timestamp>,
    }
    scope: "technician_id";
    index BY_TECHNICIAN = "absence.by_technician" on ["technician_id"] range "starts_at";
}
