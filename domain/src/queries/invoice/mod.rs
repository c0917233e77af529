//! Invoices, and what is earned on jobs.

mod job_cost;
mod list;

pub use job_cost::{JobCost, JobCostView};
pub use list::{InvoiceFound, InvoicePage, ListInvoices};
