//! `payment/v1/refund`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PaymentMoved, entry, moved, reason, roots, standing};
use crate::{
    rules::{
        invoice::Bill,
        money::Cents,
        payment_state::{self, Intent},
    },
    tables::{Invoice, Job, Payment, PaymentKind},
};

/// Gives money back: of one payment, never more than is left of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RefundPayment {
    /// The job.
    pub job_id: Id<Job>,
    /// The invoice.
    pub invoice_id: Id<Invoice>,
    /// The payment; settled.
    pub payment_id: Id<Payment>,
    /// Id of the new entry, made by the caller.
    pub refund_id: Id<Payment>,
    /// How much, in cents: above zero, at most the payment less what was given back of it.
    pub amount_cents: Cents,
    /// Why; at most 2,000 characters.
    #[schemars(length(max = crate::rules::limits::REASON_CHARS))]
    pub reason: String,
}

impl Mutation for RefundPayment {
    const NAME: &'static str = "payment/v1/refund";
    const SUMMARY: &'static str = "Gives back all or part of a payment.";
    type Output = PaymentMoved;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.invoice_id, self.payment_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<PaymentMoved, Stop> {
        let reason = reason(&self.reason)?;
        let amount_cents = self.amount_cents.entered("payment.amount")?;
        if amount_cents.is_zero() {
            return Err(Rejection::bad_request("payment.amount_zero", "The amount must be above zero.").into());
        }
        let bill = Bill::of(work, self.job_id, self.invoice_id)?;
        let payment = standing(&bill.ledger, self.payment_id)?;
        payment_state::next(&payment.state, Intent::RefundPart)?;
        let left = payment.refundable()?;
        if amount_cents > left {
            let message = "This is more than is left of the payment.";
            return Err(Rejection::conflict("payment.refund_too_large", message).into());
        }
        let entry = entry(ctx, payment.payment, self.refund_id, PaymentKind::Refund)?;
        work.insert(&Payment { amount_cents, reason: Some(reason), ..entry })?;
        moved(work, bill, self.payment_id)
    }
}
