//! The state machine of an owed visit, as a table.

use satchel_protocol::Rejection;

use crate::{
    rules::state_machine::{Move, StateMachine},
    tables::OwedState,
};

/// What becomes of an owed visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// A job is made for it.
    Schedule,
    /// Its job is completed.
    Complete,
    /// Its job was called off, or settled without having been completed: it is owed again.
    Release,
    /// Its job goes on after all.
    Reopen,
    /// Nobody comes.
    Skip,
}

/// One allowed move.
#[derive(Debug, PartialEq, Eq)]
pub struct Transition {
    /// Where the visit stands.
    pub from: OwedState,
    /// What becomes of it.
    pub intent: Intent,
    /// Where it stands then.
    pub to: OwedState,
}

const fn allow(from: OwedState, intent: Intent, to: OwedState) -> Transition {
    Transition { from, intent, to }
}

/// Every allowed move.
pub static TRANSITIONS: &[Transition] = &[
    allow(OwedState::Owed, Intent::Schedule, OwedState::Scheduled),
    allow(OwedState::Owed, Intent::Skip, OwedState::Skipped),
    allow(OwedState::Scheduled, Intent::Complete, OwedState::Done),
    allow(OwedState::Scheduled, Intent::Release, OwedState::Owed),
    allow(OwedState::Done, Intent::Reopen, OwedState::Scheduled),
];

/// For the documentation.
pub const MACHINE: StateMachine = StateMachine {
    table: "contract_visit",
    about: "An owed visit is scheduled or skipped by the office; from then on it follows its job.",
    states: || OwedState::ALL.iter().map(ToString::to_string).collect(),
    moves: || {
        let told = |step: &Transition| Move::new(&step.from, step.intent.participle(), &step.to);
        TRANSITIONS.iter().map(told).collect()
    },
};

impl Intent {
    /// What happens to the visit, after "a visit can be".
    pub fn participle(self) -> &'static str {
        match self {
            Self::Schedule => "scheduled",
            Self::Complete => "completed with its job",
            Self::Release => "owed again, because its job was canceled or closed without being completed",
            Self::Reopen => "reopened with its job",
            Self::Skip => "skipped",
        }
    }
}

/// Where `intent` leads from `from`; refuses with `contract_visit.state` where it leads nowhere.
pub fn next(from: &OwedState, intent: Intent) -> Result<OwedState, Rejection> {
    let found = TRANSITIONS.iter().find(|allowed| allowed.from == *from && allowed.intent == intent);
    found.map(|allowed| allowed.to.clone()).ok_or_else(|| {
        let message = format!("This visit is {from}, so it cannot be {} now.", intent.participle());
        Rejection::conflict("contract_visit.state", message)
    })
}
