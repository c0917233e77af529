//! The estimate's state machine, as a table.
//!
//! Invariants:
//! - An estimate moves only along [`TRANSITIONS`].
//! - Only what was presented is approved; whoever changes what was presented has to present it again.

use satchel_protocol::Rejection;

use super::state_machine::{Move, StateMachine};
use crate::tables::EstimateState;

/// What somebody wants of an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Intent {
    /// Change what it offers.
    Edit,
    /// Show it to the customer.
    Present,
    /// The customer signed.
    Approve,
    /// The customer does not want it.
    Decline,
    /// Nobody decided in time.
    Expire,
    /// Put another in its place.
    Supersede,
}

/// One allowed move.
#[derive(Debug, PartialEq, Eq)]
pub struct Transition {
    /// Where the estimate stands.
    pub from: EstimateState,
    /// What is wanted.
    pub intent: Intent,
    /// Where it stands then.
    pub to: EstimateState,
}

const fn allow(from: EstimateState, intent: Intent, to: EstimateState) -> Transition {
    Transition { from, intent, to }
}

/// Every allowed move.
pub static TRANSITIONS: &[Transition] = &[
    allow(EstimateState::Draft, Intent::Edit, EstimateState::Draft),
    allow(EstimateState::Draft, Intent::Present, EstimateState::Presented),
    allow(EstimateState::Presented, Intent::Edit, EstimateState::Draft),
    allow(EstimateState::Presented, Intent::Present, EstimateState::Presented),
    allow(EstimateState::Presented, Intent::Approve, EstimateState::Approved),
    allow(EstimateState::Presented, Intent::Decline, EstimateState::Declined),
    allow(EstimateState::Presented, Intent::Expire, EstimateState::Expired),
    allow(EstimateState::Presented, Intent::Supersede, EstimateState::Superseded),
    allow(EstimateState::Approved, Intent::Supersede, EstimateState::Superseded),
    allow(EstimateState::Declined, Intent::Supersede, EstimateState::Superseded),
    allow(EstimateState::Expired, Intent::Supersede, EstimateState::Superseded),
];

/// For the documentation.
pub const MACHINE: StateMachine = StateMachine {
    table: "estimate",
    about: "An estimate is edited until it is presented, and again after that, but then has to be presented again. Once \
            an option is signed nothing in it changes: it can be approved, or replaced by a revision that is signed in \
            its turn.",
    states: || EstimateState::ALL.iter().map(ToString::to_string).collect(),
    moves: || {
        let told = |step: &Transition| Move::new(&step.from, step.intent.participle(), &step.to);
        TRANSITIONS.iter().map(told).collect()
    },
};

impl Intent {
    /// Every intent.
    pub const ALL: &'static [Self] =
        &[Self::Edit, Self::Present, Self::Approve, Self::Decline, Self::Expire, Self::Supersede];

    /// What happens to the estimate, after "an estimate can be".
    pub fn participle(self) -> &'static str {
        match self {
            Self::Edit => "changed",
            Self::Present => "presented",
            Self::Approve => "approved",
            Self::Decline => "declined",
            Self::Expire => "marked as expired",
            Self::Supersede => "revised",
        }
    }
}

/// Where `intent` leads from `from`. Refuses with `estimate.state_unknown` where this build is too old, and else with
/// `estimate.state`, telling what is possible.
pub fn next(from: &EstimateState, intent: Intent) -> Result<EstimateState, Rejection> {
    if let Some(found) = TRANSITIONS.iter().find(|allowed| allowed.from == *from && allowed.intent == intent) {
        return Ok(found.to.clone());
    }
    if let EstimateState::Unknown(_) = from {
        let message = "This estimate is in a state this version of the app does not know. Please update the app.";
        return Err(Rejection::conflict("estimate.state_unknown", message));
    }
    let moves = TRANSITIONS.iter().filter(|allowed| allowed.from == *from);
    let possible: Vec<&str> = moves.map(|allowed| allowed.intent.participle()).collect();
    let possible = if possible.is_empty() {
        "Please work on the newest estimate instead.".to_owned()
    } else {
        format!("It can be {}.", possible.join(", "))
    };
    let wanted = intent.participle();
    Err(Rejection::conflict(
        "estimate.state",
        format!("This estimate is {from} and cannot be {wanted} now. {possible}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intent_leads_from_a_state_to_one_state() {
        for (position, one) in TRANSITIONS.iter().enumerate() {
            let later = &TRANSITIONS[position + 1..];
            assert!(!later.iter().any(|other| other.from == one.from && other.intent == one.intent), "{one:?}");
        }
        for intent in Intent::ALL {
            assert!(TRANSITIONS.iter().any(|allowed| allowed.intent == *intent), "{intent:?} is never possible");
        }
    }

    #[test]
    fn what_was_decided_is_never_edited() {
        for state in EstimateState::ALL {
            let open = matches!(state, EstimateState::Draft | EstimateState::Presented);
            assert_eq!(next(state, Intent::Edit).is_ok(), open, "{state}");
        }
        assert_eq!(next(&"sold".into(), Intent::Edit).unwrap_err().reason, "estimate.state_unknown");
        let early = next(&EstimateState::Draft, Intent::Approve).unwrap_err();
        assert!(early.message.contains("changed, presented"), "{}", early.message);
    }
}
