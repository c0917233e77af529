//! The payment's state machine, as a table, and the standing of a payment by the ledger.
//!
//! Invariants:
//! - No row says where a payment stands: it follows from the entries about it, in whatever order they came.
//! - Cash and checks count as settled when they are taken; a card payment does not (a card taken offline is an intent).
//! - Of a payment no more is given back than was taken.

use satchel_protocol::{Id, Rejection, text_enum};

use super::{
    money::Cents,
    state_machine::{Move, StateMachine},
};
use crate::tables::{Payment, PaymentKind, PaymentMethod};

text_enum! {
    /// Where a payment stands.
    pub enum PaymentState {
        /// Asked of a card; not paid yet.
        Recorded = "recorded",
        /// Paid.
        Settled = "settled",
        /// The card's issuer refused.
        Failed = "failed",
        /// Given back in full.
        Refunded = "refunded",
        /// The money never came, or was taken back.
        Reversed = "reversed",
    }
}

/// What somebody wants of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Intent {
    /// The card's issuer paid.
    Settle,
    /// The card's issuer refused.
    Fail,
    /// Give part back.
    RefundPart,
    /// Give the rest back.
    RefundRest,
    /// The money never came.
    Reverse,
}

/// One allowed move.
#[derive(Debug, PartialEq, Eq)]
pub struct Transition {
    /// Where the payment stands.
    pub from: PaymentState,
    /// What is wanted.
    pub intent: Intent,
    /// Where it stands then.
    pub to: PaymentState,
}

const fn allow(from: PaymentState, intent: Intent, to: PaymentState) -> Transition {
    Transition { from, intent, to }
}

/// Every allowed move.
pub static TRANSITIONS: &[Transition] = &[
    allow(PaymentState::Recorded, Intent::Settle, PaymentState::Settled),
    allow(PaymentState::Recorded, Intent::Fail, PaymentState::Failed),
    allow(PaymentState::Settled, Intent::RefundPart, PaymentState::Settled),
    allow(PaymentState::Settled, Intent::RefundRest, PaymentState::Refunded),
    allow(PaymentState::Settled, Intent::Reverse, PaymentState::Reversed),
    allow(PaymentState::Refunded, Intent::Reverse, PaymentState::Reversed),
];

/// For the documentation.
pub const MACHINE: StateMachine = StateMachine {
    table: "payment",
    about: "No row says where a payment stands: it follows from the ledger's entries about it. A card payment begins recorded, \
            cash and checks begin settled.",
    states: || PaymentState::ALL.iter().map(ToString::to_string).collect(),
    moves: || {
        let told = |step: &Transition| Move::new(&step.from, step.intent.participle(), &step.to);
        TRANSITIONS.iter().map(told).collect()
    },
};

impl Intent {
    /// Every intent.
    pub const ALL: &'static [Self] = &[Self::Settle, Self::Fail, Self::RefundPart, Self::RefundRest, Self::Reverse];

    /// What happens to the payment, after "a payment can be".
    pub fn participle(self) -> &'static str {
        match self {
            Self::Settle => "settled",
            Self::Fail => "failed",
            Self::RefundPart | Self::RefundRest => "refunded",
            Self::Reverse => "reversed",
        }
    }
}

/// The state's name in a sentence.
pub fn words(state: &PaymentState) -> &str {
    match state {
        PaymentState::Recorded => "not settled yet",
        PaymentState::Refunded => "already refunded in full",
        PaymentState::Settled => "already settled",
        PaymentState::Failed => "failed",
        PaymentState::Reversed => "reversed",
        PaymentState::Unknown(text) => text,
    }
}

/// Where `intent` leads from `from`; refuses with `payment.state`.
pub fn next(from: &PaymentState, intent: Intent) -> Result<PaymentState, Rejection> {
    if let Some(found) = TRANSITIONS.iter().find(|allowed| allowed.from == *from && allowed.intent == intent) {
        return Ok(found.to.clone());
    }
    let (now, wanted) = (words(from), intent.participle());
    Err(Rejection::conflict("payment.state", format!("This payment is {now}, so it cannot be {wanted}.")))
}

/// A payment, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing<'a> {
    /// The payment.
    pub payment: &'a Payment,
    /// Where it stands.
    pub state: PaymentState,
    /// What was given back of it.
    pub refunded: Cents,
    /// The entry that settled or failed it, or reversed it: the last of them.
    pub outcome: Option<&'a Payment>,
}

impl<'a> Standing<'a> {
    /// Reads the standing of a payment off the ledger of its invoice. None where `id` is no payment in it.
    pub fn of(ledger: &'a [Payment], id: Id<Payment>) -> Result<Option<Self>, Rejection> {
        let found = ledger.iter().find(|entry| entry.id == id && entry.kind == PaymentKind::Payment);
        let Some(payment) = found else { return Ok(None) };
        let about = |kind: PaymentKind| {
            ledger.iter().filter(move |entry| entry.of_payment_id == Some(id) && entry.kind == kind)
        };
        let refunded = Cents::sum(about(PaymentKind::Refund).map(|entry| entry.amount_cents))?;
        let settled = about(PaymentKind::Settlement).next();
        let failed = about(PaymentKind::Failure).next();
        let reversed = about(PaymentKind::Reversal).next();
        let state = if reversed.is_some() {
            PaymentState::Reversed
        } else if failed.is_some() {
            PaymentState::Failed
        } else if payment.method == PaymentMethod::Card && settled.is_none() {
            PaymentState::Recorded
        } else if refunded >= payment.amount_cents {
            PaymentState::Refunded
        } else {
            PaymentState::Settled
        };
        Ok(Some(Self { payment, state, refunded, outcome: reversed.or(failed).or(settled) }))
    }

    /// Whether its money came, at least for a time.
    pub fn was_paid(&self) -> bool {
        matches!(self.state, PaymentState::Settled | PaymentState::Refunded | PaymentState::Reversed)
    }

    /// What can still be given back.
    pub fn refundable(&self) -> Result<Cents, Rejection> {
        match self.state {
            PaymentState::Settled => self.payment.amount_cents.minus(self.refunded),
            _ => Ok(Cents::ZERO),
        }
    }
}
