//! What becomes of payments: `payment/v1/...`. All of it is the office's, or the processor's.

mod fail;
mod refund;
mod reverse;
mod settle;

pub use fail::FailPayment;
pub use refund::RefundPayment;
pub use reverse::ReversePayment;
pub use settle::SettlePayment;

use satchel_protocol::{Ctx, Id, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    rules::{
        card_number, clock,
        invoice::{self, Bill},
        limits,
        money::Cents,
        payment_state::{PaymentState, Standing},
        text,
    },
    tables::{Invoice, InvoiceState, Job, Payment, PaymentKind},
};

/// Where a payment and its invoice stand now.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PaymentMoved {
    /// Where the payment stands.
    pub state: PaymentState,
    /// Where the invoice stands.
    pub invoice_state: InvoiceState,
    /// What there is still to collect on the invoice, in cents; negative when too much was taken.
    pub balance_cents: Cents,
}

/// The payment comes along, so that two refunds of it wait for each other whatever job they name.
fn roots(job: Id<Job>, invoice: Id<Invoice>, payment: Id<Payment>) -> Vec<RowKey> {
    let mut roots = invoice::roots(job, invoice);
    roots.push(RowKey::of(payment));
    roots
}

/// The standing of a payment; refuses with `payment.not_found` what is no payment on this invoice.
fn standing(ledger: &[Payment], id: Id<Payment>) -> Result<Standing<'_>, Rejection> {
    Standing::of(ledger, id)?.ok_or_else(|| {
        Rejection::not_found(
            "payment.not_found",
            "This payment does not exist on this invoice, or is not yours to see.",
        )
    })
}

/// The provider's name for an event.
fn reference(text: &str) -> Result<String, Rejection> {
    card_number::refuse("the reference", text)?;
    text::required("payment.reference", "the provider's reference", text, limits::REFERENCE_CHARS)
}

fn reason(text: &str) -> Result<String, Rejection> {
    card_number::refuse("the reason", text)?;
    text::required("payment.reason", "a reason", text, limits::REASON_CHARS)
}

/// Refuses a reference that already names another event, with `payment.reference_used`.
fn require_new_reference(work: &mut Workspace, reference: &str) -> Result<(), Stop> {
    let known: Vec<Payment> = work.find(Payment::BY_REFERENCE, vec![reference.into()])?;
    if known.is_empty() {
        return Ok(());
    }
    let message = "This reference of the provider was already used for another entry.";
    Err(Rejection::conflict("payment.reference_used", message).into())
}

/// An entry about a payment.
fn entry(ctx: &Ctx, of: &Payment, id: Id<Payment>, kind: PaymentKind) -> Result<Payment, Rejection> {
    Ok(Payment {
        id,
        rev: UNSAVED,
        kind,
        of_payment_id: Some(of.id),
        check_number: None,
        external_reference: None,
        idempotency_key: ctx.key,
        reason: None,
        occurred_at: clock::acted_at(ctx),
        user_id: ctx.user_id,
        ..of.clone()
    })
}

/// Tells where everything stands, with the invoice brought in step.
fn moved(work: &mut Workspace, mut bill: Bill, payment: Id<Payment>) -> Result<PaymentMoved, Stop> {
    let balance = bill.settle_up(work)?;
    let state = standing(&bill.ledger, payment)?.state;
    Ok(PaymentMoved { state, invoice_state: bill.invoice.state, balance_cents: balance.to_collect()? })
}
