//! The specification in `src/spec.rs`: every state is visited.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

use satchel_simulate::spec::{Budget, Variant, explore};

const NOTHING: Budget = Budget { taps: 0, writes: 0, losses: 0, restores: 0, assigns: 0 };

/// What may happen, in several ways: all of it at once would be too many states.
const BUDGETS: [Budget; 4] = [
    Budget { taps: 2, losses: 1, ..NOTHING },
    Budget { taps: 1, writes: 2, ..NOTHING },
    Budget { taps: 1, restores: 1, losses: 1, ..NOTHING },
    Budget { writes: 1, assigns: 2, restores: 1, ..NOTHING },
];

#[test]
fn no_state_breaks_a_promise() {
    for budget in BUDGETS {
        let explored = explore(budget, Variant::Sound);
        println!("{} states of {budget:?}", explored.states);
        assert!(explored.wrong.is_none(), "{:?}", explored.wrong);
        assert!(explored.states > 100, "{explored:?}");
    }
}

#[test]
fn every_unsound_variant_is_found() {
    use Variant::*;
    for variant in [LedgerSkipped, CursorBySequence, LeavesWhenSent, NotFedAgain, EpochIgnored] {
        let found = BUDGETS.into_iter().find_map(|budget| explore(budget, variant).wrong);
        let (wrong, actions) = found.unwrap_or_else(|| panic!("{variant:?} is not found"));
        println!("{variant:?}: {wrong} by {actions:?}");
        assert!(actions.len() <= 12, "{variant:?}: {actions:?} are not the fewest");
    }
}
