//! `payment/v1/fail`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PaymentMoved, entry, moved, reason, reference, require_new_reference, roots, standing};
use crate::{
    rules::{
        invoice::Bill,
        payment_state::{self, Intent, PaymentState},
    },
    tables::{Invoice, Job, Payment, PaymentKind},
};

/// Notes that the card's issuer refused. Saying so again changes nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FailPayment {
    /// The job.
    pub job_id: Id<Job>,
    /// The invoice.
    pub invoice_id: Id<Invoice>,
    /// The card payment.
    pub payment_id: Id<Payment>,
    /// Why, as the provider tells it; at most 2,000 characters.
    #[schemars(length(max = crate::rules::limits::REASON_CHARS))]
    pub reason: String,
    /// The provider's name for the refusal, at most 128 characters; unique in the organization.
    #[serde(default)]
    #[schemars(length(max = crate::rules::limits::REFERENCE_CHARS))]
    pub external_reference: Option<String>,
}

impl Mutation for FailPayment {
    const NAME: &'static str = "payment/v1/fail";
    const SUMMARY: &'static str = "Notes that a card payment failed.";
    // A reference is looked for among all payments of the organization; a phone holds those of its jobs.
    const SERVER_ONLY: bool = true;
    type Output = PaymentMoved;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.invoice_id, self.payment_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<PaymentMoved, Stop> {
        let reason = reason(&self.reason)?;
        let external_reference = self.external_reference.as_deref().map(reference).transpose()?;
        let bill = Bill::of(work, self.job_id, self.invoice_id)?;
        let payment = standing(&bill.ledger, self.payment_id)?;
        if payment.state != PaymentState::Failed {
            payment_state::next(&payment.state, Intent::Fail)?;
            if let Some(reference) = &external_reference {
                require_new_reference(work, reference)?;
            }
            let entry = entry(ctx, payment.payment, ctx.derive_id("failure"), PaymentKind::Failure)?;
            work.insert(&Payment { external_reference, reason: Some(reason), ..entry })?;
        }
        moved(work, bill, self.payment_id)
    }
}
