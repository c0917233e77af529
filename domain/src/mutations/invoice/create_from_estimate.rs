//! `invoice/v1/createFromEstimate`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{create_from_work::InvoiceCreated, draft};
use crate::{
    rules::{
        invoice::{self, Party},
        invoice_work::Charge,
    },
    tables::{Estimate, EstimateLine, EstimateOption, EstimateState, Invoice, InvoiceState, Job},
};

/// Starts an invoice with what the customer approved: the lines of the approved option as they were signed, to the cent.
/// Once, unless the invoice made from it is void.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateInvoiceFromEstimate {
    /// The job.
    pub job_id: Id<Job>,
    /// Id of the new invoice, made by the caller.
    pub invoice_id: Id<Invoice>,
    /// The estimate; approved.
    pub estimate_id: Id<Estimate>,
}

impl Mutation for CreateInvoiceFromEstimate {
    const NAME: &'static str = "invoice/v1/createFromEstimate";
    const SUMMARY: &'static str = "Starts an invoice with the approved option of an estimate.";
    type Output = InvoiceCreated;

    fn roots(&self) -> Vec<RowKey> {
        let mut roots = invoice::roots(self.job_id, self.invoice_id);
        roots.push(RowKey::of(self.estimate_id));
        roots
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<InvoiceCreated, Stop> {
        let job: Job = work.require(self.job_id)?;
        Party::of(ctx, work, job.id)?;
        let option = self.approved(work)?;
        let invoices: Vec<Invoice> = work.find(Invoice::BY_JOB, vec![job.id.into()])?;
        let charged =
            |other: &Invoice| other.estimate_option_id == Some(option.id) && other.state != InvoiceState::Void;
        if invoices.iter().any(charged) {
            let message = "An invoice was already made from this estimate.";
            return Err(Rejection::conflict("invoice.estimate_charged", message).into());
        }
        let mut lines: Vec<EstimateLine> = work.find(EstimateLine::BY_ESTIMATE, vec![self.estimate_id.into()])?;
        lines.retain(|line| line.option_id == option.id);
        lines.sort_by_key(|line| (line.position, line.id));
        let charges = lines.into_iter().map(charge).collect();
        let bill = draft::start(ctx, work, &job, self.invoice_id, Some(&option), charges)?;
        Ok(InvoiceCreated {
            invoice_id: self.invoice_id,
            lines: u32::try_from(bill.lines.len()).unwrap_or(u32::MAX),
            time_left_out: 0,
            total_cents: bill.invoice.total_cents,
        })
    }
}

impl CreateInvoiceFromEstimate {
    /// The option that was approved.
    fn approved(&self, work: &mut Workspace) -> Result<EstimateOption, Stop> {
        let estimate: Estimate = work.require(self.estimate_id)?;
        if estimate.job_id != self.job_id {
            return Err(Rejection::bad_request("estimate.other_job", "This estimate belongs to another job.").into());
        }
        match estimate.approved_option_id {
            Some(option) if estimate.state == EstimateState::Approved => work.require(option),
            _ => {
                let message = "Only an approved estimate can be charged. Please let the customer sign an option first.";
                Err(Rejection::conflict("invoice.estimate_not_approved", message).into())
            }
        }
    }
}

fn charge(line: EstimateLine) -> Charge {
    Charge {
        label: format!("estimate_line/{}", line.id),
        item_id: line.item_id,
        material_id: None,
        time_entry_id: None,
        estimate_line_id: Some(line.id),
        pricebook_version_id: line.pricebook_version_id,
        name: line.name,
        unit: line.unit,
        quantity: line.quantity,
        unit_price: line.unit_price_cents,
        discount_percent: line.discount_percent,
        tax_percent: line.tax_percent,
    }
}
