//! What a customer is asked to pay.

use jiff::Timestamp;
use satchel_protocol::{Id, record, text_enum};

use super::{Branch, Customer, EstimateOption, Job};
use crate::rules::money::{Cents, Percent};

text_enum! {
    /// Where an invoice stands. Follows from its payments once it is issued.
    pub enum InvoiceState {
        /// Being written; lines can change.
        Draft = "draft",
        /// Given to the customer; nothing paid.
        Issued = "issued",
        /// Paid in part.
        PartiallyPaid = "partially_paid",
        /// Nothing is open.
        Paid = "paid",
        /// Called off; nothing is asked for.
        Void = "void",
    }
}

record! {
    /// An invoice. Its amounts are the sums of its lines; see [`rules::totals`](crate::rules::totals).
    pub struct Invoice in "invoice" {
        /// The job it is for.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// Who is to pay.
        pub customer_id: Id<Customer>,
        /// Consecutive in the organization, without gaps. Postgres gives it when an issued invoice is stored: none on a
        /// draft, nor on a phone that has not heard from the server since.
        pub number: Option<i64>,
        /// The approved option it was made from, if any; no other invoice that is not void is made from it.
        pub estimate_option_id: Option<Id<EstimateOption>>,
        /// Where it stands.
        pub state: InvoiceState,
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
        /// What is to be paid: `subtotal - discount + tax`.
        pub total_cents: Cents,
        /// What was paid and settled, less what was given back; negative when a check bounced after a refund.
        pub paid_cents: Cents,
        /// Card payments that are neither settled nor failed yet.
        pub pending_cents: Cents,
        /// Whether more was taken than is to be paid: two people collected at once. For the office to give back.
        pub overpaid: bool,
        /// When it was issued, by the phone's corrected clock.
        pub issued_at: Option<Timestamp>,
        /// Why it was called off.
        pub void_reason: Option<String>,
    }
    scope: "job_id";
    index BY_JOB = "invoice.by_job" on ["job_id"];
}
