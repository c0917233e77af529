//! `invoice/v1/jobCost`.

use satchel_protocol::{Id, Query};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    queries::example_id,
    rules::money::Cents,
    tables::{Job, PricebookItem},
};

/// What a job brought in and what it cost. For those who may see costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobCost {
    /// The job.
    pub job_id: Id<Job>,
    /// What an hour of work costs: the cost of this item of the pricebook. Work costs nothing when left out.
    #[serde(default)]
    pub labour_item_id: Option<Id<PricebookItem>>,
}

/// What a job brought in and what it cost, in cents. Each product is rounded once, half away from zero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobCostView {
    /// The job.
    pub job_id: Id<Job>,
    /// What its issued invoices ask for, before tax.
    pub revenue_cents: Cents,
    /// What was paid on them, less what was given back.
    pub paid_cents: Cents,
    /// What the material used costs.
    pub material_cents: Cents,
    /// Lines of material whose cost nobody has entered; they count as costing nothing.
    pub materials_without_cost: i64,
    /// Time at work that has ended, in seconds.
    pub labour_s: i64,
    /// What that time costs.
    pub labour_cents: Cents,
    /// Revenue less material and labour.
    pub margin_cents: Cents,
}

impl Query for JobCost {
    const NAME: &'static str = "invoice/v1/jobCost";
    const SUMMARY: &'static str = "What a job brought in and what it cost.";
    const SQL: &'static str = include_str!("job_cost.sql");
    type Output = JobCostView;

    fn example() -> Self {
        Self { job_id: example_id("job"), labour_item_id: Some(example_id("labour")) }
    }
}
