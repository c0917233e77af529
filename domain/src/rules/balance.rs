//! What is open on an invoice: one function over the ledger.
//!
//! Invariants:
//! - Only money that came counts as paid: a card payment counts as pending until it is settled.
//! - What is given back, and what never came, counts against what was paid.
//! - The order of the entries does not matter.

use satchel_protocol::Rejection;

use super::{
    money::Cents,
    payment_state::{PaymentState, Standing},
};
use crate::tables::{Invoice, InvoiceState, Payment, PaymentKind};

/// What is asked for, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// What is to be paid; nothing on a void invoice.
    pub total: Cents,
    /// What was paid, less what was given back or never came. Negative when a check bounced after a refund.
    pub paid: Cents,
    /// Card payments that are neither settled nor failed.
    pub pending: Cents,
}

impl Balance {
    /// The balance of an invoice with this ledger.
    pub fn of(invoice: &Invoice, ledger: &[Payment]) -> Result<Self, Rejection> {
        let total = if invoice.state == InvoiceState::Void { Cents::ZERO } else { invoice.total_cents };
        let mut balance = Self { total, paid: Cents::ZERO, pending: Cents::ZERO };
        for entry in ledger.iter().filter(|entry| entry.kind == PaymentKind::Payment) {
            let Some(standing) = Standing::of(ledger, entry.id)? else { continue };
            if standing.was_paid() {
                balance.paid = balance.paid.plus(entry.amount_cents)?.minus(standing.refunded)?;
            }
            match standing.state {
                PaymentState::Recorded => balance.pending = balance.pending.plus(entry.amount_cents)?,
                PaymentState::Reversed => balance.paid = balance.paid.minus(entry.amount_cents)?,
                _ => {}
            }
        }
        Ok(balance)
    }

    /// What is still to be paid; negative when too much was.
    pub fn open(&self) -> Result<Cents, Rejection> {
        self.total.minus(self.paid)
    }

    /// What there is still to collect: what is open, less what cards were asked for. Negative when too much was taken.
    pub fn to_collect(&self) -> Result<Cents, Rejection> {
        self.open()?.minus(self.pending)
    }

    /// Whether more was taken than is to be paid.
    pub fn is_overpaid(&self) -> Result<bool, Rejection> {
        Ok(self.to_collect()?.is_negative())
    }
}
