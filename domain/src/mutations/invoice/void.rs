//! `invoice/v1/void`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        balance::Balance,
        invoice::{self, Bill, Party},
        invoice_state::{self, Intent},
        limits, text,
    },
    tables::{Invoice, InvoiceState, Job},
};

/// Calls an invoice off for which no money was taken. What was on it can be charged again. Technicians call off drafts
/// only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VoidInvoice {
    /// The job.
    pub job_id: Id<Job>,
    /// The invoice; nothing paid, no card payment under way.
    pub invoice_id: Id<Invoice>,
    /// Why; at most 2,000 characters.
    #[schemars(length(max = limits::REASON_CHARS))]
    pub reason: String,
}

/// The invoice was called off.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct InvoiceVoided {
    /// Where it stands.
    pub state: InvoiceState,
}

impl Mutation for VoidInvoice {
    const NAME: &'static str = "invoice/v1/void";
    const SUMMARY: &'static str = "Voids an invoice that nothing was paid on.";
    type Output = InvoiceVoided;

    fn roots(&self) -> Vec<RowKey> {
        invoice::roots(self.job_id, self.invoice_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<InvoiceVoided, Stop> {
        let reason = text::required("invoice.void_reason", "a reason", &self.reason, limits::REASON_CHARS)?;
        let party = Party::of(ctx, work, self.job_id)?;
        let mut bill = Bill::of(work, self.job_id, self.invoice_id)?;
        if bill.invoice.state != InvoiceState::Draft {
            party.require_office()?;
        }
        let balance = Balance::of(&bill.invoice, &bill.ledger)?;
        if !balance.paid.is_zero() || !balance.pending.is_zero() {
            let message = "Money was taken for this invoice. Please give it back first, then void the invoice.";
            return Err(Rejection::conflict("invoice.has_payments", message).into());
        }
        let state = invoice_state::next(&bill.invoice.state, Intent::Void)?;
        let changed = Invoice { state: state.clone(), void_reason: Some(reason), ..bill.invoice.clone() };
        bill.replace(work, changed)?;
        Ok(InvoiceVoided { state })
    }
}
