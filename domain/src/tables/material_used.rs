//! What was built in.

use rust_decimal::Decimal;
use satchel_protocol::{Id, record};

use super::{Branch, Job, PricebookItem, PricebookVersion, StockLocation, Visit};

record! {
    /// Material used on a visit; price and name are snapshots of the pricebook at that time.
    pub struct MaterialUsed in "material_used" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The visit.
        pub visit_id: Id<Visit>,
        /// What was used.
        pub item_id: Id<PricebookItem>,
        /// Its name then.
        pub name: String,
        /// How much, in the item's unit, three decimals.
        pub quantity: Decimal,
        /// Price of one unit then, in cents of the organization's currency.
        pub unit_price_cents: i64,
        /// The version the price comes from; none if it is the item's own.
        pub pricebook_version_id: Option<Id<PricebookVersion>>,
        /// The truck it came out of, if the technician drives one.
        pub stock_location_id: Option<Id<StockLocation>>,
    }
    scope: "job_id";
    index BY_JOB = "material_used.by_job" on ["job_id"];
    index BY_VISIT = "material_used.by_visit" on ["visit_id"];
}
