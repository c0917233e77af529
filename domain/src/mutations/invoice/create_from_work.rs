//! `invoice/v1/createFromWork`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::draft;
use crate::{
    rules::{
        clock,
        invoice::{self, Party},
        invoice_work::{self, Charge},
        money::Cents,
        pricing,
    },
    tables::{Invoice, Job, PricebookItem},
};

/// Starts an invoice with what was done on a job and is on none of its invoices yet: materials at the price that was
/// noted, and work time at the present price of a labour item, taxed as the branch taxes them. Without either it starts
/// empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateInvoiceFromWork {
    /// The job.
    pub job_id: Id<Job>,
    /// Id of the new invoice, made by the caller.
    pub invoice_id: Id<Invoice>,
    /// What work time is charged at: an active item of the pricebook that is sold by the `hour`. Time is not charged
    /// when left out.
    #[serde(default)]
    pub labour_item_id: Option<Id<PricebookItem>>,
}

/// The invoice was started.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct InvoiceCreated {
    /// The new invoice.
    pub invoice_id: Id<Invoice>,
    /// Its lines.
    pub lines: u32,
    /// Stretches of time in sight that were not charged: still running, or overlapping others.
    pub time_left_out: u32,
    /// What is to be paid, in cents.
    pub total_cents: Cents,
}

impl Mutation for CreateInvoiceFromWork {
    const NAME: &'static str = "invoice/v1/createFromWork";
    const SUMMARY: &'static str = "Starts an invoice with the materials and the work time of a job.";
    type Output = InvoiceCreated;

    fn roots(&self) -> Vec<RowKey> {
        invoice::roots(self.job_id, self.invoice_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<InvoiceCreated, Stop> {
        let now = clock::acted_at(ctx);
        let job: Job = work.require(self.job_id)?;
        Party::of(ctx, work, job.id)?;
        let labour = self.labour_item_id.map(|item| labour_item(work, item)).transpose()?;
        let charged = invoice_work::charged(work, job.id)?;
        let mut charges = invoice_work::materials(work, &job, &charged)?;
        let mut time_left_out = 0;
        if let Some(labour) = &labour {
            let time = invoice_work::time(work, &job, labour, &charged, now)?;
            charges.extend(time.charges);
            time_left_out = time.left_out;
        }
        let charges: Vec<Charge> = charges.into_iter().filter(|charge| !charge.quantity.is_zero()).collect();
        let bill = draft::start(ctx, work, &job, self.invoice_id, None, charges)?;
        Ok(InvoiceCreated {
            invoice_id: self.invoice_id,
            lines: u32::try_from(bill.lines.len()).unwrap_or(u32::MAX),
            time_left_out,
            total_cents: bill.invoice.total_cents,
        })
    }
}

/// The item work time is charged at.
fn labour_item(work: &mut Workspace, id: Id<PricebookItem>) -> Result<PricebookItem, Stop> {
    let item = pricing::require_sellable(work, id, "invoice")?;
    if item.unit != invoice_work::HOUR {
        let message = "Work time can only be charged at an item that is sold by the hour.";
        return Err(Rejection::bad_request("invoice.labour_item_unit", message).into());
    }
    Ok(item)
}
