//! What is charged for.

use rust_decimal::Decimal;
use satchel_protocol::{Id, record};

use super::{Branch, EstimateLine, Invoice, Job, MaterialUsed, PricebookItem, PricebookVersion, TimeEntry};
use crate::rules::money::{Cents, Percent};

record! {
    /// A line of an invoice. Name, price and tax rate are snapshots of their time; amounts are stored as computed by
    /// [`rules::totals`](crate::rules::totals).
    pub struct InvoiceLine in "invoice_line" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The invoice.
        pub invoice_id: Id<Invoice>,
        /// Place on the invoice, from 1; gaps are left where lines were removed.
        pub position: i32,
        /// The pricebook item charged for, if any.
        pub item_id: Option<Id<PricebookItem>>,
        /// The material charged for, if any; it may have been corrected away since.
        pub material_id: Option<Id<MaterialUsed>>,
        /// The time charged for, if any; it may have been corrected away since.
        pub time_entry_id: Option<Id<TimeEntry>>,
        /// The line of the approved estimate it is a copy of, if any.
        pub estimate_line_id: Option<Id<EstimateLine>>,
        /// The version the price comes from; none if it is the item's own, or written freely.
        pub pricebook_version_id: Option<Id<PricebookVersion>>,
        /// What the customer reads.
        pub name: String,
        /// What one of it is: `each`, `foot`, `hour`.
        pub unit: String,
        /// How much, in that unit, three decimals.
        pub quantity: Decimal,
        /// Price of one unit.
        pub unit_price_cents: Cents,
        /// Discount on this line alone.
        pub discount_percent: Percent,
        /// What the net amount is taxed at.
        pub tax_percent: Percent,
        /// Price of the quantity.
        pub gross_cents: Cents,
        /// What is taken off: its own discount, and its share of the invoice's.
        pub discount_cents: Cents,
        /// Its share of the invoice's tax.
        pub tax_cents: Cents,
        /// `gross - discount + tax`.
        pub total_cents: Cents,
    }
    scope: "job_id";
    index BY_JOB = "invoice_line.by_job" on ["job_id"];
    index BY_INVOICE = "invoice_line.by_invoice" on ["invoice_id"];
}
