//! `invoice/v1/issue`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        clock,
        invoice::{self, Bill, Party},
        invoice_state::{self, Intent},
        money::Cents,
    },
    tables::{Invoice, InvoiceState, Job},
};

/// Gives an invoice to the customer. From then on it is not changed any more, and money can be taken for it. Issuing it
/// again changes nothing: two phones may do so without knowing of each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IssueInvoice {
    /// The job.
    pub job_id: Id<Job>,
    /// The invoice; with at least one line.
    pub invoice_id: Id<Invoice>,
}

/// The invoice stands. Its number is in its row as soon as Postgres has stored it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct InvoiceIssued {
    /// Where it stands.
    pub state: InvoiceState,
    /// What is to be paid, in cents.
    pub total_cents: Cents,
}

impl Mutation for IssueInvoice {
    const NAME: &'static str = "invoice/v1/issue";
    const SUMMARY: &'static str = "Issues a draft invoice; the server gives it its number.";
    type Output = InvoiceIssued;

    fn roots(&self) -> Vec<RowKey> {
        invoice::roots(self.job_id, self.invoice_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<InvoiceIssued, Stop> {
        let issued_at = clock::acted_at(ctx);
        Party::of(ctx, work, self.job_id)?;
        let mut bill = Bill::of(work, self.job_id, self.invoice_id)?;
        if bill.invoice.issued_at.is_none() || bill.invoice.state == InvoiceState::Void {
            let state = invoice_state::next(&bill.invoice.state, Intent::Issue)?;
            if bill.lines.is_empty() {
                let message = "There is nothing on this invoice yet. Please add a line first.";
                return Err(Rejection::conflict("invoice.empty", message).into());
            }
            let changed = Invoice { state, issued_at: Some(issued_at), ..bill.invoice.clone() };
            bill.replace(work, changed)?;
            // An invoice over nothing is paid at once.
            bill.settle_up(work)?;
        }
        Ok(InvoiceIssued { state: bill.invoice.state, total_cents: bill.invoice.total_cents })
    }
}
