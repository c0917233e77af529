//! Starting an invoice.

use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace, record::UNSAVED};

use crate::{
    rules::{
        invoice::Bill,
        invoice_work::Charge,
        limits::INVOICE_LINES,
        money::{Cents, Percent},
    },
    tables::{EstimateOption, Invoice, InvoiceLine, InvoiceState, Job},
};

/// Writes a draft with these lines, in their order, and the discount of the option they are from.
pub(super) fn start(
    ctx: &Ctx,
    work: &mut Workspace,
    job: &Job,
    id: Id<Invoice>,
    option: Option<&EstimateOption>,
    charges: Vec<Charge>,
) -> Result<Bill, Stop> {
    if charges.len() > INVOICE_LINES {
        let message = format!("An invoice can have at most {INVOICE_LINES} lines.");
        return Err(Rejection::conflict("invoice.too_many_lines", message).into());
    }
    let invoice = Invoice {
        id,
        rev: UNSAVED,
        job_id: job.id,
        branch_id: job.branch_id,
        customer_id: job.customer_id,
        number: None,
        estimate_option_id: option.map(|option| option.id),
        state: InvoiceState::Draft,
        discount_percent: option.map_or(Percent::ZERO, |option| option.discount_percent),
        discount_fixed_cents: option.map_or(Cents::ZERO, |option| option.discount_fixed_cents),
        subtotal_cents: Cents::ZERO,
        discount_cents: Cents::ZERO,
        tax_cents: Cents::ZERO,
        total_cents: Cents::ZERO,
        paid_cents: Cents::ZERO,
        pending_cents: Cents::ZERO,
        overpaid: false,
        issued_at: None,
        void_reason: None,
    };
    work.insert(&invoice)?;
    for (position, charge) in (1..).zip(charges) {
        let id = ctx.derive_id(&format!("invoice_line/{}", charge.label));
        insert_line(work, &invoice, id, position, charge)?;
    }
    let mut bill = Bill::of(work, job.id, id)?;
    bill.retotal(work)?;
    Ok(bill)
}

/// Writes a line; the amounts are for the caller to add up.
pub(super) fn insert_line(
    work: &mut Workspace,
    invoice: &Invoice,
    id: Id<InvoiceLine>,
    position: i32,
    charge: Charge,
) -> Result<(), Stop> {
    work.insert(&InvoiceLine {
        id,
        rev: UNSAVED,
        job_id: invoice.job_id,
        branch_id: invoice.branch_id,
        invoice_id: invoice.id,
        position,
        item_id: charge.item_id,
        material_id: charge.material_id,
        time_entry_id: charge.time_entry_id,
        estimate_line_id: charge.estimate_line_id,
        pricebook_version_id: charge.pricebook_version_id,
        name: charge.name,
        unit: charge.unit,
        quantity: charge.quantity,
        unit_price_cents: charge.unit_price,
        discount_percent: charge.discount_percent,
        tax_percent: charge.tax_percent,
        gross_cents: Cents::ZERO,
        discount_cents: Cents::ZERO,
        tax_cents: Cents::ZERO,
        total_cents: Cents::ZERO,
    })
}
