//! `invoice/v1/setDiscount`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lines::InvoiceChanged;
use crate::{
    rules::{
        invoice::{self, Bill, Party},
        money::{Cents, Percent},
    },
    tables::{Invoice, Job},
};

/// Takes something off a whole draft: a percentage, a fixed amount, or, with neither, nothing any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetInvoiceDiscount {
    /// The job.
    pub job_id: Id<Job>,
    /// The invoice; a draft.
    pub invoice_id: Id<Invoice>,
    /// So much of a hundred, at most four decimals; not with a fixed amount.
    #[serde(default)]
    pub percent: Option<Decimal>,
    /// So many cents; not more than there is to pay before tax, not with a percentage.
    #[serde(default)]
    pub fixed_cents: Option<Cents>,
}

impl Mutation for SetInvoiceDiscount {
    const NAME: &'static str = "invoice/v1/setDiscount";
    const SUMMARY: &'static str = "Sets the discount on a whole draft invoice.";
    type Output = InvoiceChanged;

    fn roots(&self) -> Vec<RowKey> {
        invoice::roots(self.job_id, self.invoice_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<InvoiceChanged, Stop> {
        let discount_percent = Percent::entered("invoice.discount", self.percent.unwrap_or_default())?;
        let discount_fixed_cents = self.fixed_cents.unwrap_or_default().entered("invoice.discount")?;
        if !discount_percent.is_zero() && !discount_fixed_cents.is_zero() {
            let message = "Please give either a percentage or a fixed amount.";
            return Err(Rejection::bad_request("invoice.discount_twice", message).into());
        }
        Party::of(ctx, work, self.job_id)?.require_office()?;
        let mut bill = Bill::of(work, self.job_id, self.invoice_id)?;
        bill.require_draft()?;
        let changed = Invoice { discount_percent, discount_fixed_cents, ..bill.invoice.clone() };
        bill.replace(work, changed)?;
        Ok(InvoiceChanged { total_cents: bill.retotal(work)? })
    }
}
