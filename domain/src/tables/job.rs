//! A piece of work for a customer.

use satchel_protocol::{Id, record, text_enum};

use super::{Branch, Customer, Equipment, Location};

text_enum! {
    /// Where a job stands. Follows from its visits.
    pub enum JobState {
        /// Being written.
        Draft = "draft",
        /// No open visit.
        Unscheduled = "unscheduled",
        /// A visit is planned.
        Scheduled = "scheduled",
        /// A technician is on it.
        InProgress = "in_progress",
        /// All work done.
        Completed = "completed",
        /// Settled by the office.
        Closed = "closed",
        /// Called off.
        Canceled = "canceled",
    }
}

text_enum! {
    /// How urgent a job is.
    pub enum JobPriority {
        /// When it suits.
        Low = "low",
        /// In turn.
        Normal = "normal",
        /// Before others.
        High = "high",
        /// Now.
        Emergency = "emergency",
    }
}

record! {
    /// A job.
    pub struct Job in "job" {
        /// The branch that does it.
        pub branch_id: Id<Branch>,
        /// Who it is for.
        pub customer_id: Id<Customer>,
        /// Where it is.
        pub location_id: Id<Location>,
        /// What it is about.
        pub equipment_id: Option<Id<Equipment>>,
        /// The office's number or the imported key; unique in the organization where present.
        pub number: Option<String>,
        /// One line.
        pub title: String,
        /// All that is known.
        pub description: String,
        /// Where it stands.
        pub state: JobState,
        /// How urgent it is.
        pub priority: JobPriority,
        /// Why it was called off.
        pub cancel_reason: Option<String>,
    }
    scope: "id";
    index BY_CUSTOMER = "job.by_customer" on ["customer_id"];
    index BY_LOCATION = "job.by_location" on ["location_id"];
}
