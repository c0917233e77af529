//! `invoice/v1/collectPayment`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        card_number, clock,
        invoice::{self, Bill, Party},
        limits,
        money::Cents,
        text,
    },
    tables::{Invoice, InvoiceState, Job, Payment, PaymentKind, PaymentMethod},
};

/// Takes money for an issued invoice. Cash and checks count at once; a card payment is an intent, which counts when it
/// is settled (`payment/v1/settle`).
///
/// Nobody takes more than there was to collect in his own sight (`balance_seen_cents`). Where two people collect without
/// knowing of each other, both payments are kept, because both were taken, and the invoice is flagged as overpaid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CollectPayment {
    /// The job.
    pub job_id: Id<Job>,
    /// The invoice; issued.
    pub invoice_id: Id<Invoice>,
    /// Id of the new payment, made by the caller.
    pub payment_id: Id<Payment>,
    /// How it is paid.
    pub method: PaymentMethod,
    /// How much, in cents: above zero, at most what was seen to collect.
    pub amount_cents: Cents,
    /// What there was to collect where the payer was asked, in cents: total less paid less pending.
    pub balance_seen_cents: Cents,
    /// The number printed on the check, at most 32 characters; must be given with a check, and with nothing else.
    #[serde(default)]
    #[schemars(length(max = limits::CHECK_NUMBER_CHARS))]
    pub check_number: Option<String>,
    /// A remark; at most 2,000 characters, never a card number.
    #[serde(default)]
    #[schemars(length(max = limits::REASON_CHARS))]
    pub remark: Option<String>,
}

/// The money was noted.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PaymentCollected {
    /// The new payment.
    pub payment_id: Id<Payment>,
    /// Where the invoice stands.
    pub state: InvoiceState,
    /// What there is still to collect, in cents; negative when too much was taken.
    pub balance_cents: Cents,
    /// Whether more was taken than is to be paid.
    pub overpaid: bool,
}

impl CollectPayment {
    /// The amount, within what was seen.
    fn amount(&self) -> Result<Cents, Rejection> {
        let amount = self.amount_cents.entered("payment.amount")?;
        if amount.is_zero() {
            return Err(Rejection::bad_request("payment.amount_zero", "The amount must be above zero."));
        }
        if amount > self.balance_seen_cents {
            let message = "This is more than there is to collect. Please take no more than the balance.";
            return Err(Rejection::conflict("payment.more_than_balance", message));
        }
        Ok(amount)
    }

    fn check_number(&self) -> Result<Option<String>, Rejection> {
        let (what, label) = ("payment.check_number", "the check's number");
        if self.method == PaymentMethod::Check {
            let number = self.check_number.as_deref().unwrap_or_default();
            card_number::refuse(label, number)?;
            return text::required(what, label, number, limits::CHECK_NUMBER_CHARS).map(Some);
        }
        if text::optional(what, label, self.check_number.as_deref(), limits::CHECK_NUMBER_CHARS)?.is_none() {
            return Ok(None);
        }
        let message = "Only a check has a check number.";
        Err(Rejection::bad_request("payment.check_number_without_check", message))
    }
}

impl Mutation for CollectPayment {
    const NAME: &'static str = "invoice/v1/collectPayment";
    const SUMMARY: &'static str = "Takes a payment in cash, by check or by card for an issued invoice.";
    type Output = PaymentCollected;

    fn roots(&self) -> Vec<RowKey> {
        invoice::roots(self.job_id, self.invoice_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<PaymentCollected, Stop> {
        if let PaymentMethod::Unknown(_) = self.method {
            let message = "Please choose one of cash, check and card.";
            return Err(Rejection::bad_request("payment.method", message).into());
        }
        let amount_cents = self.amount()?;
        let check_number = self.check_number()?;
        let remark = self.remark.as_deref();
        card_number::refuse("the remark", remark.unwrap_or_default())?;
        let reason = text::optional("payment.remark", "the remark", remark, limits::REASON_CHARS)?;
        let occurred_at = clock::acted_at(ctx);
        Party::of(ctx, work, self.job_id)?;
        let mut bill = Bill::of(work, self.job_id, self.invoice_id)?;
        if bill.invoice.state == InvoiceState::Draft {
            let message = "This invoice is still a draft. Please issue it first, then take the money.";
            return Err(Rejection::conflict("invoice.draft", message).into());
        }
        // On a void invoice as well: money that was taken must not get lost. It is flagged, and given back.
        work.insert(&Payment {
            id: self.payment_id,
            rev: UNSAVED,
            job_id: bill.invoice.job_id,
            branch_id: bill.invoice.branch_id,
            invoice_id: bill.invoice.id,
            kind: PaymentKind::Payment,
            method: self.method.clone(),
            amount_cents,
            of_payment_id: None,
            check_number,
            external_reference: None,
            idempotency_key: ctx.key,
            reason,
            occurred_at,
            user_id: ctx.user_id,
        })?;
        let balance = bill.settle_up(work)?;
        Ok(PaymentCollected {
            payment_id: self.payment_id,
            state: bill.invoice.state,
            balance_cents: balance.to_collect()?,
            overpaid: bill.invoice.overpaid,
        })
    }
}
