//! The visit's state machine, as a table.
//!
//! Invariants:
//! - A visit moves only along [`TRANSITIONS`].
//! - An open state always leads on to an ended one; an ended state leads nowhere.

use satchel_protocol::Rejection;

use super::state_machine::{Move, StateMachine};
use crate::tables::VisitState;

/// What somebody wants of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Intent {
    /// Send it to the technician.
    Dispatch,
    /// Say yes.
    Accept,
    /// Say no: it is to be planned again.
    Decline,
    /// Take it back, because its last technician was taken off.
    Withdraw,
    /// Set out.
    Travel,
    /// Start work.
    Arrive,
    /// Interrupt work.
    Pause,
    /// Go on with work.
    Resume,
    /// All done.
    Complete,
    /// Done in part.
    CompletePartially,
    /// Could not be done.
    CannotComplete,
    /// Call it off.
    Cancel,
}

/// One allowed move.
#[derive(Debug, PartialEq, Eq)]
pub struct Transition {
    /// Where the visit stands.
    pub from: VisitState,
    /// What is wanted.
    pub intent: Intent,
    /// Where it stands then.
    pub to: VisitState,
}

const fn allow(from: VisitState, intent: Intent, to: VisitState) -> Transition {
    Transition { from, intent, to }
}

/// Every allowed move.
pub static TRANSITIONS: &[Transition] = &[
    allow(VisitState::Scheduled, Intent::Dispatch, VisitState::Dispatched),
    allow(VisitState::Scheduled, Intent::Cancel, VisitState::Canceled),
    allow(VisitState::Dispatched, Intent::Accept, VisitState::Accepted),
    allow(VisitState::Dispatched, Intent::Decline, VisitState::Scheduled),
    allow(VisitState::Dispatched, Intent::Withdraw, VisitState::Scheduled),
    allow(VisitState::Dispatched, Intent::Cancel, VisitState::Canceled),
    allow(VisitState::Accepted, Intent::Travel, VisitState::Traveling),
    allow(VisitState::Accepted, Intent::Decline, VisitState::Scheduled),
    allow(VisitState::Accepted, Intent::Withdraw, VisitState::Scheduled),
    allow(VisitState::Accepted, Intent::Cancel, VisitState::Canceled),
    allow(VisitState::Traveling, Intent::Arrive, VisitState::OnSite),
    allow(VisitState::Traveling, Intent::Withdraw, VisitState::Scheduled),
    allow(VisitState::Traveling, Intent::CannotComplete, VisitState::CannotComplete),
    allow(VisitState::Traveling, Intent::Cancel, VisitState::Canceled),
    allow(VisitState::OnSite, Intent::Pause, VisitState::Paused),
    allow(VisitState::OnSite, Intent::Complete, VisitState::Completed),
    allow(VisitState::OnSite, Intent::CompletePartially, VisitState::PartiallyCompleted),
    allow(VisitState::OnSite, Intent::CannotComplete, VisitState::CannotComplete),
    allow(VisitState::OnSite, Intent::Cancel, VisitState::Canceled),
    allow(VisitState::Paused, Intent::Resume, VisitState::OnSite),
    allow(VisitState::Paused, Intent::Complete, VisitState::Completed),
    allow(VisitState::Paused, Intent::CompletePartially, VisitState::PartiallyCompleted),
    allow(VisitState::Paused, Intent::CannotComplete, VisitState::CannotComplete),
    allow(VisitState::Paused, Intent::Cancel, VisitState::Canceled),
];

/// For the documentation.
pub const MACHINE: StateMachine = StateMachine {
    table: "visit",
    about: "A visit moves by a tap of its technician, or by the office. Taken back means that its last technician was \
            taken off.",
    states: || VisitState::ALL.iter().map(ToString::to_string).collect(),
    moves: || {
        let told = |step: &Transition| Move::new(&step.from, step.intent.participle(), &step.to);
        TRANSITIONS.iter().map(told).collect()
    },
};

impl Intent {
    /// Every intent.
    pub const ALL: &'static [Self] = &[
        Self::Dispatch,
        Self::Accept,
        Self::Decline,
        Self::Withdraw,
        Self::Travel,
        Self::Arrive,
        Self::Pause,
        Self::Resume,
        Self::Complete,
        Self::CompletePartially,
        Self::CannotComplete,
        Self::Cancel,
    ];

    /// What happens to the visit, after "a visit can be".
    pub fn participle(self) -> &'static str {
        match self {
            Self::Dispatch => "dispatched",
            Self::Accept => "accepted",
            Self::Decline => "declined",
            Self::Withdraw => "taken back",
            Self::Travel => "traveled to",
            Self::Arrive => "started",
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Complete => "completed",
            Self::CompletePartially => "completed in part",
            Self::CannotComplete => "reported as impossible to complete",
            Self::Cancel => "canceled",
        }
    }

    /// Whether the visit must have a technician.
    pub fn needs_technician(self) -> bool {
        matches!(self, Self::Dispatch | Self::Travel | Self::Arrive)
    }
}

/// Whether the visit can still go on. A state this build does not know counts as open, so that nothing is closed by
/// mistake.
pub fn is_open(state: &VisitState) -> bool {
    !matches!(
        state,
        VisitState::Completed | VisitState::PartiallyCompleted | VisitState::CannotComplete | VisitState::Canceled
    )
}

/// Whether a technician is on the way or at work.
pub fn is_under_way(state: &VisitState) -> bool {
    matches!(state, VisitState::Traveling | VisitState::OnSite | VisitState::Paused)
}

/// The state's name in a sentence.
pub fn words(state: &VisitState) -> &str {
    match state {
        VisitState::Traveling => "being traveled to",
        VisitState::OnSite => "in progress",
        VisitState::PartiallyCompleted => "completed in part",
        VisitState::CannotComplete => "reported as impossible to complete",
        other => other.as_str(),
    }
}

/// Where `intent` leads from `from`.
///
/// Refuses with `visit.closed` on an ended visit, `visit.state_unknown` where this build is too old, and else with
/// `visit.state`, telling what is possible.
pub fn next(from: &VisitState, intent: Intent) -> Result<VisitState, Rejection> {
    if let Some(found) = TRANSITIONS.iter().find(|allowed| allowed.from == *from && allowed.intent == intent) {
        return Ok(found.to.clone());
    }
    let wanted = intent.participle();
    Err(match from {
        VisitState::Canceled => Rejection::conflict(
            "visit.closed",
            format!(
                "This visit was canceled, so it can no longer be {wanted}. If work was done, please tell the office."
            ),
        ),
        ended if !is_open(ended) => Rejection::conflict(
            "visit.closed",
            format!("This visit has already been {}, so it can no longer be {wanted}.", words(ended)),
        ),
        VisitState::Unknown(_) => Rejection::conflict(
            "visit.state_unknown",
            "This visit is in a state this version of the app does not know. Please update the app.",
        ),
        open => Rejection::conflict(
            "visit.state",
            format!(
                "This visit is {now} and cannot be {wanted} now. It can be {possible}.",
                now = words(open),
                possible = possible(open).join(", ")
            ),
        ),
    })
}

fn possible(from: &VisitState) -> Vec<&'static str> {
    let moves = TRANSITIONS.iter().filter(|allowed| allowed.from == *from && allowed.intent != Intent::Withdraw);
    moves.map(|allowed| allowed.intent.participle()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_open_state_leads_to_an_end_and_no_ended_state_leads_on() {
        for state in VisitState::ALL {
            let leaves = TRANSITIONS.iter().filter(|allowed| allowed.from == *state).count();
            let cancels = next(state, Intent::Cancel).is_ok();
            assert_eq!((leaves > 0, cancels), (is_open(state), is_open(state)), "{state}");
        }
    }

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
    fn refusals_say_what_is_the_matter() {
        let reason = |from: VisitState, intent| next(&from, intent).unwrap_err();
        assert_eq!(reason(VisitState::Canceled, Intent::Complete).reason, "visit.closed");
        assert_eq!(reason(VisitState::Completed, Intent::Cancel).reason, "visit.closed");
        assert_eq!(reason("teleported".into(), Intent::Pause).reason, "visit.state_unknown");
        let early = reason(VisitState::Dispatched, Intent::Complete);
        assert_eq!(early.reason, "visit.state");
        assert!(early.message.contains("accepted, declined, canceled"), "{}", early.message);
    }
}
