//! `payment/v1/reverse`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PaymentMoved, entry, moved, reason, roots, standing};
use crate::{
    rules::{
        invoice::Bill,
        payment_state::{self, Intent},
    },
    tables::{Invoice, Job, Payment, PaymentKind},
};

/// Notes that the money of a payment never came or was taken back, all of it: a check bounced, a card payment was
/// disputed, a payment was noted by mistake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReversePayment {
    /// The job.
    pub job_id: Id<Job>,
    /// The invoice.
    pub invoice_id: Id<Invoice>,
    /// The payment; settled.
    pub payment_id: Id<Payment>,
    /// Why; at most 2,000 characters.
    #[schemars(length(max = crate::rules::limits::REASON_CHARS))]
    pub reason: String,
}

impl Mutation for ReversePayment {
    const NAME: &'static str = "payment/v1/reverse";
    const SUMMARY: &'static str = "Notes that the money of a payment never came, such as a bounced check.";
    type Output = PaymentMoved;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.invoice_id, self.payment_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<PaymentMoved, Stop> {
        let reason = reason(&self.reason)?;
        let bill = Bill::of(work, self.job_id, self.invoice_id)?;
        let payment = standing(&bill.ledger, self.payment_id)?;
        payment_state::next(&payment.state, Intent::Reverse)?;
        let entry = entry(ctx, payment.payment, ctx.derive_id("reversal"), PaymentKind::Reversal)?;
        work.insert(&Payment { reason: Some(reason), ..entry })?;
        moved(work, bill, self.payment_id)
    }
}
