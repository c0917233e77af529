//! One way to do it.

use satchel_protocol::{Id, record};

use super::{Branch, Estimate, Job};
use crate::rules::money::{Cents, Percent};

record! {
    /// An option of an estimate: good, better, best. Its amounts are the sums of its lines; see
    /// [`rules::totals`](crate::rules::totals).
    pub struct EstimateOption in "estimate_option" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The estimate.
        pub estimate_id: Id<Estimate>,
        /// Place in the list, from 1.
        pub position: i32,
        /// What it is called.
        pub name: String,
        /// Discount on all of it, on top of the lines' own. Zero when a fixed amount is given.
        pub discount_percent: Percent,
        /// Fixed amount taken off all of it before tax. Zero when a percentage is given.
        pub discount_fixed_cents: Cents,
        /// All lines at full price.
        pub subtotal_cents: Cents,
        /// All that is taken off.
        pub discount_cents: Cents,
        /// Tax on what is left.
        pub tax_cents: Cents,
        /// What the customer pays: `subtotal - discount + tax`.
        pub total_cents: Cents,
    }
    scope: "job_id";
    index BY_ESTIMATE = "estimate_option.by_estimate" on ["estimate_id"];
}
