//! Invoices, and what is earned on jobs.

mod job_cost;

pub use job_cost::{JobCost, JobCostView};
