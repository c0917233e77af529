//! `invoice/v1/list`.

use satchel_protocol::{After, Id, Limit, Query, Rejection, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    queries::example_id,
    rules::money::Cents,
    tables::{Branch, Customer, Invoice, InvoiceState, Job},
};

/// A branch's invoices in one state, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListInvoices {
    /// The branch.
    pub branch_id: Id<Branch>,
    /// The state.
    pub state: InvoiceState,
    /// How many.
    #[serde(default)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<After<(Uuid,)>>,
}

/// A page of invoices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InvoicePage {
    /// The invoices.
    pub invoices: Vec<InvoiceFound>,
    /// The `after` of the next page; null on the last.
    pub next: Option<String>,
}

/// An invoice in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InvoiceFound {
    /// The invoice.
    pub invoice_id: Id<Invoice>,
    /// Its revision.
    pub rev: String,
    /// The job.
    pub job_id: Id<Job>,
    /// Its number; null until it is issued.
    pub number: Option<String>,
    /// Where it stands.
    pub state: InvoiceState,
    /// The customer.
    pub customer_id: Id<Customer>,
    /// The customer's name.
    pub customer_name: String,
    /// The job's title.
    pub title: String,
    /// What the customer pays, in cents of the organization's currency.
    pub total_cents: Cents,
    /// What was paid.
    pub paid_cents: Cents,
    /// What was promised by card and is not settled.
    pub pending_cents: Cents,
    /// Whether more was paid than is due.
    pub overpaid: bool,
    /// When it was issued.
    pub issued_at: Option<Instant>,
}

impl Query for ListInvoices {
    const NAME: &'static str = "invoice/v1/list";
    const SUMMARY: &'static str = "A branch's invoices in one state, newest first.";
    const SQL: &'static str = include_str!("list.sql");
    type Output = InvoicePage;

    fn example() -> Self {
        Self { branch_id: example_id("branch"), state: InvoiceState::Issued, limit: Limit::default(), after: None }
    }

    fn check(&self) -> Result<(), Rejection> {
        match &self.state {
            InvoiceState::Unknown(_) => {
                Err(Rejection::bad_request("invoice.state", "There is no such state of an invoice."))
            }
            _ => Ok(()),
        }
    }
}
