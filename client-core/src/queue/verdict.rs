//! Taking the server's decisions in.

use satchel_protocol::{
    Rejection, ShapeError,
    wire::{Outcome, Settlement, Verdict},
};
use uuid::Uuid;

use super::{
    Decision,
    holds::{self, Lost, LostByOrder},
    wire,
};
use crate::{
    db::Tx,
    error::StoreError,
    rebase::Seeds,
    simulation::{Bug, planted},
    store::State,
};

/// How many mutations that left the queue are kept, to feed them again to a server restored from a backup.
pub const HISTORY_MUTATIONS: usize = 1_000;

/// What verdicts changed.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// Mutations that got their verdict.
    pub(crate) count: usize,
    /// Those that need attention.
    pub(crate) rejected: Vec<Uuid>,
    /// What is to be rebased.
    pub(crate) seeds: Seeds,
}

/// Stores verdicts by key. Unknown keys and repeats are ignored.
pub(crate) fn settle(tx: &Tx<'_>, state: &mut State, verdicts: &[Verdict]) -> Result<Settled, StoreError> {
    let mut settled = Settled::default();
    let mut refused = LostByOrder::new();
    let mut left = false;
    for verdict in verdicts {
        let found = if planted(Bug::VerdictWithoutKey) {
            state.queue.iter().find(|entry| entry.decision.is_none())
        } else {
            state.queue.by_key(verdict.key)
        };
        let Some(entry) = found.filter(|entry| entry.decision.is_none()) else {
            continue;
        };
        let (order, contained, shown, seq) = (entry.order, entry.contained, entry.is_shown(), entry.seq);
        let footprint = entry.footprint.clone();
        // Refused together: it had no chance to run without the effects it stood on.
        let together = holds::cause(&refused, order, std::iter::once(&footprint));
        let because_of = entry.because_of.or(together);
        let outcome = serde_json::to_string(&verdict.outcome)
            .map_err(|_| StoreError::Page(ShapeError::new("a verdict", "an outcome that is JSON")))?;
        let decision = Decision::of(&verdict.outcome);
        tx.set_outcome(order, Some(&outcome), contained)?;
        state.queue.change(order, |entry| entry.decision = Some(decision));
        settled.count += 1;
        if seq.is_none() && decision == Decision::Accepted {
            // Sent under an earlier device id; any later pass contains it.
            tx.set_seq(order, Some(0))?;
            state.queue.change(order, |entry| entry.seq = Some(0));
        }
        match decision {
            Decision::Refused => {
                settled.rejected.push(verdict.key);
                super::repair::not_handed(tx, state, verdict.key)?;
                tx.set_hold(order, because_of, false)?;
                state.queue.change(order, |entry| (entry.because_of, entry.held) = (because_of, false));
                if shown && !footprint.writes.is_empty() {
                    settled.seeds.rows.extend(&footprint.writes);
                    refused.insert(order, Lost { key: verdict.key, rows: footprint.writes });
                }
            }
            Decision::Accepted if contained => {
                tx.dequeue(order, None)?;
                state.queue.remove(order);
                left = true;
            }
            Decision::Accepted => {}
        }
    }
    settled.seeds.lost = refused;
    if left {
        tx.trim_history(HISTORY_MUTATIONS)?;
    }
    Ok(settled)
}

/// Takes in what the office decided on refused mutations: they leave the queue, with that as their verdict. How many.
pub(crate) fn adopt(tx: &Tx<'_>, state: &mut State, settlements: &[Settlement]) -> Result<usize, StoreError> {
    let shape = |_| StoreError::Page(ShapeError::new("a settlement", "an outcome that is JSON"));
    let mut adopted = 0;
    for settlement in settlements {
        let Some(entry) = state.queue.by_key(settlement.key) else { continue };
        if entry.decision != Some(Decision::Refused) {
            continue;
        }
        let (order, contained) = (entry.order, entry.contained);
        let outcome = serde_json::to_string(&settlement.outcome).map_err(shape)?;
        tx.set_outcome(order, Some(&outcome), contained)?;
        tx.dequeue(order, None)?;
        tx.set_settlement(settlement.key, &serde_json::to_string(settlement).map_err(shape)?)?;
        state.queue.remove(order);
        adopted += 1;
    }
    if adopted > 0 {
        tx.trim_history(HISTORY_MUTATIONS)?;
    }
    Ok(adopted)
}

/// Refuses, on this phone's own account, an undecided mutation that no push can carry. It gives its number back: the
/// server never had it, so the next one takes it.
pub(crate) fn set_aside(tx: &Tx<'_>, state: &mut State, key: Uuid, why: Rejection) -> Result<Settled, StoreError> {
    let undecided = state.queue.by_key(key).filter(|entry| entry.decision.is_none());
    let Some((order, seq)) = undecided.map(|entry| (entry.order, entry.seq)) else {
        return Err(StoreError::NotQueued { key });
    };
    let settled = settle(tx, state, &[Verdict { key, seq: 0, outcome: Outcome::Rejected(why) }])?;
    if let Some(seq) = seq {
        tx.set_seq(order, None)?;
        state.queue.change(order, |entry| entry.seq = None);
        wire::renumber(tx, state, seq)?;
    }
    Ok(settled)
}

/// The server's rows contain the effects up to `last_seq`: those mutations are not shown any more, and leave if their
/// verdict is known. How many of them are to be sent once more.
pub(crate) fn contain(tx: &Tx<'_>, state: &mut State, last_seq: u64, seeds: &mut Seeds) -> Result<usize, StoreError> {
    let contained: Vec<_> = state
        .queue
        .iter()
        .filter(|entry| entry.is_shown() && entry.seq.is_some_and(|seq| seq <= last_seq))
        .map(|entry| (entry.order, entry.decision, entry.seq))
        .collect();
    let any = !contained.is_empty();
    let mut again = 0;
    for (order, decision, seq) in contained {
        if let Some(entry) = state.queue.get(order) {
            seeds.rows.extend(entry.footprint.writes.iter().copied());
        }
        if seq == Some(0) {
            // Accepted under an earlier device id: it gets a number of this one, lest nobody can tell that a restored
            // server lacks it.
            again += 1;
            tx.set_outcome(order, None, true)?;
            tx.set_seq(order, None)?;
            state.queue.change(order, |entry| (entry.decision, entry.seq, entry.contained) = (None, None, true));
        } else if decision == Some(Decision::Accepted) {
            tx.dequeue(order, None)?;
            state.queue.remove(order);
        } else {
            tx.set_outcome(order, None, true)?;
            state.queue.change(order, |entry| entry.contained = true);
        }
    }
    if any {
        tx.trim_history(HISTORY_MUTATIONS)?;
    }
    if again > 0 {
        wire::keep_order(tx, state)?;
    }
    Ok(again)
}
