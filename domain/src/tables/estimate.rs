//! What the work would cost.

use jiff::Timestamp;
use satchel_protocol::{Id, record, text_enum};
use uuid::Uuid;

use super::{Branch, Customer, EstimateOption, Job};

text_enum! {
    /// Where an estimate stands.
    pub enum EstimateState {
        /// Being written.
        Draft = "draft",
        /// Shown to the customer.
        Presented = "presented",
        /// The customer signed one of its options.
        Approved = "approved",
        /// The customer does not want it.
        Declined = "declined",
        /// Nobody decided in time.
        Expired = "expired",
        /// Another has taken its place.
        Superseded = "superseded",
    }
}

record! {
    /// An offer to the customer of a job, in one or more options.
    pub struct Estimate in "estimate" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The job's customer.
        pub customer_id: Id<Customer>,
        /// How people call it: the job's number, and which of the job's estimates it is.
        pub number: String,
        /// One line.
        pub title: String,
        /// Where it stands.
        pub state: EstimateState,
        /// Who wrote it.
        pub user_id: Uuid,
        /// The estimate of the same job that it replaces, or will replace when approved.
        pub supersedes_id: Option<Id<Estimate>>,
        /// First instant at which it can no longer be approved.
        pub valid_until: Option<Timestamp>,
        /// When it was last presented, by the phone's corrected clock.
        pub presented_at: Option<Timestamp>,
        /// The option that the customer signed. From then on nothing written in the estimate changes.
        pub signed_option_id: Option<Id<EstimateOption>>,
        /// The option that was approved.
        pub approved_option_id: Option<Id<EstimateOption>>,
        /// When it was approved, declined or found expired.
        pub decided_at: Option<Timestamp>,
        /// Why it was declined.
        pub decline_reason: Option<String>,
    }
    scope: "job_id";
    index BY_JOB = "estimate.by_job" on ["job_id"];
}
