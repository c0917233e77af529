//! The state machines of the trade, as documents tell them.
//!
//! Whoever adds one describes it beside its rules and adds a line to [`ALL`]; `docs/state-machines.md` is written from
//! here, and a test keeps it so.

use std::fmt::{Display, Write as _};

use super::{
    absences,
    contracts::{contract_state, owed_state},
    documents, estimate_state, invoice_state, job_state, payment_state, visit_state,
};

/// Everything that has a state.
pub static ALL: &[StateMachine] = &[
    visit_state::MACHINE,
    job_state::MACHINE,
    documents::MACHINE,
    absences::MACHINE,
    estimate_state::MACHINE,
    invoice_state::MACHINE,
    payment_state::MACHINE,
    contract_state::MACHINE,
    owed_state::MACHINE,
];

/// A state machine, told from the table that the rule itself runs on.
pub struct StateMachine {
    /// The table whose rows have the state.
    pub table: &'static str,
    /// What one should know before reading the moves.
    pub about: &'static str,
    /// Every state, in the order of a usual life.
    pub states: fn() -> Vec<String>,
    /// Every allowed move.
    pub moves: fn() -> Vec<Move>,
}

/// An allowed move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The state before.
    pub from: String,
    /// What happens.
    pub when: String,
    /// The state after.
    pub to: String,
}

impl Move {
    /// A move as its rule knows it.
    pub fn new(from: impl Display, when: &str, to: impl Display) -> Self {
        Self { from: from.to_string(), when: when.to_owned(), to: to.to_string() }
    }
}

/// All of them as a Markdown document.
pub fn document() -> String {
    let mut text = "# State machines\n\nWritten from the rules by `SATCHEL_BLESS=1 cargo test -p satchel-domain \
                    state_machines`; a test fails when it is stale. Phone and server run the same tables.\n"
        .to_owned();
    for machine in ALL {
        let moves = (machine.moves)();
        let states = (machine.states)();
        let leads_on = |state: &String| moves.iter().any(|step| step.from == *state);
        let (open, ended): (Vec<_>, Vec<_>) = states.into_iter().partition(leads_on);
        // Writing to a string cannot fail.
        let _ = write!(text, "\n## {}\n\n{}\n", machine.table, machine.about);
        let _ = write!(text, "\nLead on: {}.", open.join(", "));
        if !ended.is_empty() {
            let _ = write!(text, " Lead nowhere: {}.", ended.join(", "));
        }
        text.push_str("\n\n| from | when | to |\n|---|---|---|\n");
        for step in moves {
            let _ = writeln!(text, "| {} | {} | {} |", step.from, step.when, step.to);
        }
    }
    text
}
