//! `docs/state-machines.md` tells what the rules do.

use std::collections::HashSet;

use satchel_domain::{
    REGISTRY,
    rules::state_machine::{ALL, document},
};

/// Written anew with `SATCHEL_BLESS=1`.
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/state-machines.md");

#[test]
fn state_machines_are_documented_as_they_are() {
    let text = document();
    if std::env::var_os("SATCHEL_BLESS").is_some() {
        std::fs::write(DOCUMENT, &text).unwrap();
    }
    let written = std::fs::read_to_string(DOCUMENT).unwrap_or_default();
    assert_eq!(text, written, "write {DOCUMENT} anew with SATCHEL_BLESS=1");
}

#[test]
fn state_machines_move_between_their_own_states_and_leave_none_out() {
    let mut tables = HashSet::new();
    for machine in ALL {
        assert!(REGISTRY.table(machine.table).is_some() && tables.insert(machine.table), "{}", machine.table);
        let states = (machine.states)();
        let moves = (machine.moves)();
        for step in &moves {
            assert!(states.contains(&step.from) && states.contains(&step.to), "{}: {step:?}", machine.table);
        }
        for state in &states {
            let touched = moves.iter().any(|step| step.from == *state || step.to == *state);
            assert!(touched, "{}: nothing leads to or from {state}", machine.table);
        }
    }
}
