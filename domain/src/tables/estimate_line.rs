//! One thing offered.

use rust_decimal::Decimal;
use satchel_protocol::{Id, record};

use super::{Branch, Estimate, EstimateOption, Job, PricebookItem, PricebookVersion, TaxClass};
use crate::rules::money::{Cents, Percent};

record! {
    /// A line of an option. Name, price and tax rate are snapshots of their time; amounts are stored as computed by
    /// [`rules::totals`](crate::rules::totals).
    pub struct EstimateLine in "estimate_line" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The estimate.
        pub estimate_id: Id<Estimate>,
        /// The option.
        pub option_id: Id<EstimateOption>,
        /// Place in the option, from 1.
        pub position: i32,
        /// What is offered; none for a line written freely.
        pub item_id: Option<Id<PricebookItem>>,
        /// The version the price comes from; none if it is the item's own, or written freely.
        pub pricebook_version_id: Option<Id<PricebookVersion>>,
        /// Its name then.
        pub name: String,
        /// Its unit then.
        pub unit: String,
        /// How much, in that unit, three decimals; above zero.
        pub quantity: Decimal,
        /// Price of one unit, as the customer was told.
        pub unit_price_cents: Cents,
        /// Price of one unit in the pricebook of whoever executed this, the server in the end: another one than the
        /// customer was told if the pricebook changed while the phone was offline. None for a line written freely.
        pub list_price_cents: Option<Cents>,
        /// Discount on this line alone.
        pub discount_percent: Percent,
        /// How it is taxed.
        pub tax_class: TaxClass,
        /// The rate of that class then.
        pub tax_percent: Percent,
        /// Price of the quantity.
        pub gross_cents: Cents,
        /// What is taken off: its own discount, and its share of the option's.
        pub discount_cents: Cents,
        /// Its share of the option's tax.
        pub tax_cents: Cents,
        /// `gross - discount + tax`.
        pub total_cents: Cents,
    }
    scope: "job_id";
    index BY_ESTIMATE = "estimate_line.by_estimate" on ["estimate_id"];
}
