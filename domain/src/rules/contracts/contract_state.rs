//! The contract's state machine, as a table.

use satchel_protocol::Rejection;

use crate::{
    rules::state_machine::{Move, StateMachine},
    tables::{ContractState, MaintenanceContract},
};

/// What somebody wants of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// It is signed and begins to owe.
    Activate,
    /// It owes nothing for now.
    Pause,
    /// It owes again.
    Resume,
    /// Its last day is over.
    RunOut,
    /// It goes on to a later last day.
    Renew,
    /// Call it off.
    Cancel,
}

/// One allowed move.
#[derive(Debug, PartialEq, Eq)]
pub struct Transition {
    /// Where the contract stands.
    pub from: ContractState,
    /// What is wanted.
    pub intent: Intent,
    /// Where it stands then.
    pub to: ContractState,
}

const fn allow(from: ContractState, intent: Intent, to: ContractState) -> Transition {
    Transition { from, intent, to }
}

/// Every allowed move.
pub static TRANSITIONS: &[Transition] = &[
    allow(ContractState::Draft, Intent::Activate, ContractState::Active),
    allow(ContractState::Draft, Intent::Cancel, ContractState::Canceled),
    allow(ContractState::Active, Intent::Pause, ContractState::Paused),
    allow(ContractState::Active, Intent::RunOut, ContractState::Ended),
    allow(ContractState::Active, Intent::Renew, ContractState::Active),
    allow(ContractState::Active, Intent::Cancel, ContractState::Canceled),
    allow(ContractState::Paused, Intent::Resume, ContractState::Active),
    allow(ContractState::Paused, Intent::RunOut, ContractState::Ended),
    allow(ContractState::Paused, Intent::Cancel, ContractState::Canceled),
    allow(ContractState::Ended, Intent::Renew, ContractState::Active),
];

/// For the documentation.
pub const MACHINE: StateMachine = StateMachine {
    table: "maintenance_contract",
    about: "A contract is moved by the office. It runs out when visits are generated after its last day.",
    states: || ContractState::ALL.iter().map(ToString::to_string).collect(),
    moves: || {
        let told = |step: &Transition| Move::new(&step.from, step.intent.participle(), &step.to);
        TRANSITIONS.iter().map(told).collect()
    },
};

impl Intent {
    /// Every intent.
    pub const ALL: &'static [Self] =
        &[Self::Activate, Self::Pause, Self::Resume, Self::RunOut, Self::Renew, Self::Cancel];

    /// What happens to the contract, after "a contract can be".
    pub fn participle(self) -> &'static str {
        match self {
            Self::Activate => "activated",
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::RunOut => "run out",
            Self::Renew => "renewed",
            Self::Cancel => "canceled",
        }
    }
}

/// Where `intent` leads from `from`; refuses with `contract.state` where it leads nowhere.
pub fn next(from: &ContractState, intent: Intent) -> Result<ContractState, Rejection> {
    let found = TRANSITIONS.iter().find(|allowed| allowed.from == *from && allowed.intent == intent);
    found.map(|allowed| allowed.to.clone()).ok_or_else(|| {
        let message = format!("This contract is {from}, so it cannot be {} now.", intent.participle());
        Rejection::conflict("contract.state", message)
    })
}

/// Moves a contract in memory; the caller writes it. Every procedure that changes a contract's state goes through here.
pub fn take(contract: &mut MaintenanceContract, intent: Intent, reason: Option<String>) -> Result<(), Rejection> {
    contract.state = next(&contract.state, intent)?;
    contract.state_reason = reason;
    Ok(())
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
        assert_eq!(next(&ContractState::Canceled, Intent::Renew).unwrap_err().reason, "contract.state");
        assert_eq!(next(&"frozen".into(), Intent::Pause).unwrap_err().reason, "contract.state");
    }
}
