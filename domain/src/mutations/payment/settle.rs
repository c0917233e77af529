//! `payment/v1/settle`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PaymentMoved, entry, moved, reference, require_new_reference, roots, standing};
use crate::{
    rules::{
        invoice::Bill,
        payment_state::{self, Intent, PaymentState},
    },
    tables::{Invoice, Job, Payment, PaymentKind},
};

/// Notes that the card's issuer paid. Saying so again with the same reference changes nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SettlePayment {
    /// The job.
    pub job_id: Id<Job>,
    /// The invoice.
    pub invoice_id: Id<Invoice>,
    /// The card payment.
    pub payment_id: Id<Payment>,
    /// The provider's name for the settlement, at most 128 characters; unique in the organization.
    #[schemars(length(max = crate::rules::limits::REFERENCE_CHARS))]
    pub external_reference: String,
}

impl Mutation for SettlePayment {
    const NAME: &'static str = "payment/v1/settle";
    const SUMMARY: &'static str = "Notes that a card payment was settled.";
    // A reference is looked for among all payments of the organization; a phone holds those of its jobs.
    const SERVER_ONLY: bool = true;
    type Output = PaymentMoved;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.invoice_id, self.payment_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<PaymentMoved, Stop> {
        let reference = reference(&self.external_reference)?;
        let bill = Bill::of(work, self.job_id, self.invoice_id)?;
        let payment = standing(&bill.ledger, self.payment_id)?;
        let said = payment.outcome.and_then(|outcome| outcome.external_reference.as_deref());
        let again = payment.state == PaymentState::Settled && said == Some(&reference);
        if !again {
            payment_state::next(&payment.state, Intent::Settle)?;
            require_new_reference(work, &reference)?;
            let entry = entry(ctx, payment.payment, ctx.derive_id("settlement"), PaymentKind::Settlement)?;
            work.insert(&Payment { external_reference: Some(reference), ..entry })?;
        }
        moved(work, bill, self.payment_id)
    }
}
