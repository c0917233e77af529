//! The invoice's state machine, as a table.
//!
//! Invariants:
//! - An invoice moves only along [`TRANSITIONS`].
//! - Once issued, it stands where its money says ([`follow`]); a void invoice stays void.

use satchel_protocol::Rejection;

use super::{
    balance::Balance,
    state_machine::{Move, StateMachine},
};
use crate::tables::InvoiceState;

/// What happens to an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Intent {
    /// Give it to the customer.
    Issue,
    /// Call it off.
    Void,
    /// Money makes part of it paid.
    PayPart,
    /// Money makes all of it paid.
    PayAll,
    /// Money that is taken back leaves part of it paid.
    TakeBackPart,
    /// Money that is taken back leaves nothing paid.
    TakeBackAll,
}

/// One allowed move.
#[derive(Debug, PartialEq, Eq)]
pub struct Transition {
    /// Where the invoice stands.
    pub from: InvoiceState,
    /// What happens.
    pub intent: Intent,
    /// Where it stands then.
    pub to: InvoiceState,
}

const fn allow(from: InvoiceState, intent: Intent, to: InvoiceState) -> Transition {
    Transition { from, intent, to }
}

/// Every allowed move.
pub static TRANSITIONS: &[Transition] = &[
    allow(InvoiceState::Draft, Intent::Issue, InvoiceState::Issued),
    allow(InvoiceState::Draft, Intent::Void, InvoiceState::Void),
    allow(InvoiceState::Issued, Intent::Void, InvoiceState::Void),
    allow(InvoiceState::Issued, Intent::PayPart, InvoiceState::PartiallyPaid),
    allow(InvoiceState::Issued, Intent::PayAll, InvoiceState::Paid),
    allow(InvoiceState::PartiallyPaid, Intent::PayAll, InvoiceState::Paid),
    allow(InvoiceState::PartiallyPaid, Intent::TakeBackAll, InvoiceState::Issued),
    allow(InvoiceState::Paid, Intent::TakeBackPart, InvoiceState::PartiallyPaid),
    allow(InvoiceState::Paid, Intent::TakeBackAll, InvoiceState::Issued),
];

/// For the documentation.
pub const MACHINE: StateMachine = StateMachine {
    table: "invoice",
    about: "An invoice is issued or voided by hand; once it is issued, it stands where the money in its ledger says. A void \
            invoice stays void, whatever money still comes for it.",
    states: || InvoiceState::ALL.iter().map(ToString::to_string).collect(),
    moves: || {
        let told = |step: &Transition| Move::new(&step.from, step.intent.participle(), &step.to);
        TRANSITIONS.iter().map(told).collect()
    },
};

impl Intent {
    /// Every intent.
    pub const ALL: &'static [Self] =
        &[Self::Issue, Self::Void, Self::PayPart, Self::PayAll, Self::TakeBackPart, Self::TakeBackAll];

    /// What happens to the invoice, after "an invoice can be".
    pub fn participle(self) -> &'static str {
        match self {
            Self::Issue => "issued",
            Self::Void => "voided",
            Self::PayPart => "paid in part",
            Self::PayAll => "paid",
            Self::TakeBackPart => "paid back in part",
            Self::TakeBackAll => "paid back",
        }
    }
}

/// The state's name in a sentence.
pub fn words(state: &InvoiceState) -> &str {
    match state {
        InvoiceState::Draft => "still a draft",
        InvoiceState::PartiallyPaid => "paid in part",
        other => other.as_str(),
    }
}

/// Where `intent` leads from `from`; refuses with `invoice.state`.
pub fn next(from: &InvoiceState, intent: Intent) -> Result<InvoiceState, Rejection> {
    if let Some(found) = TRANSITIONS.iter().find(|allowed| allowed.from == *from && allowed.intent == intent) {
        return Ok(found.to.clone());
    }
    let (now, wanted) = (words(from), intent.participle());
    Err(Rejection::conflict("invoice.state", format!("This invoice is {now}, so it cannot be {wanted}.")))
}

/// Where an invoice that stands at `current` stands with this balance. Drafts and void invoices ask for no money, so
/// money does not move them.
pub fn follow(current: &InvoiceState, balance: &Balance) -> InvoiceState {
    match current {
        InvoiceState::Issued | InvoiceState::PartiallyPaid | InvoiceState::Paid => {
            if balance.paid >= balance.total {
                InvoiceState::Paid
            } else if balance.paid > super::money::Cents::ZERO {
                InvoiceState::PartiallyPaid
            } else {
                InvoiceState::Issued
            }
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::money::Cents;

    #[test]
    fn an_intent_leads_from_a_state_to_one_state_and_every_state_is_reached() {
        for (position, one) in TRANSITIONS.iter().enumerate() {
            let later = &TRANSITIONS[position + 1..];
            assert!(!later.iter().any(|other| other.from == one.from && other.intent == one.intent), "{one:?}");
        }
        for intent in Intent::ALL {
            assert!(TRANSITIONS.iter().any(|allowed| allowed.intent == *intent), "{intent:?} is never possible");
        }
        for state in InvoiceState::ALL {
            let reached = TRANSITIONS.iter().any(|allowed| allowed.to == *state);
            assert_eq!(reached, *state != InvoiceState::Draft, "{state}");
        }
        assert!(next(&InvoiceState::Void, Intent::Issue).is_err());
        assert_eq!(next(&InvoiceState::Paid, Intent::Void).unwrap_err().reason, "invoice.state");
    }

    #[test]
    fn money_moves_along_the_table() {
        let standing = [InvoiceState::Issued, InvoiceState::PartiallyPaid, InvoiceState::Paid];
        for from in &standing {
            for paid in [-1, 0, 40, 100, 130] {
                let balance = Balance { total: Cents::new(100), paid: Cents::new(paid), pending: Cents::ZERO };
                let to = follow(from, &balance);
                let moved = TRANSITIONS.iter().any(|allowed| allowed.from == *from && allowed.to == to);
                assert!(to == *from || moved, "{from} to {to}");
            }
        }
        let generous = Balance { total: Cents::ZERO, paid: Cents::new(5), pending: Cents::ZERO };
        assert_eq!(follow(&InvoiceState::Void, &generous), InvoiceState::Void);
        assert_eq!(follow(&InvoiceState::Draft, &generous), InvoiceState::Draft);
    }
}
