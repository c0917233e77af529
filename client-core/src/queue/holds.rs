//! Keeping back what depends on a refused mutation, and nothing else (P3).
//!
//! Invariants:
//! - B depends on A when B touched a row that A wrote and, run anew without the effects of A, B's rule says no. Nobody
//!   declares it; [`rebase`](crate::rebase) finds it out when effects go away.
//! - A mutation is held exactly while it was never sent, its rule says no, and what it depends on is refused or held
//!   itself. Whatever ends one of the three releases it.
//! - A held mutation has no wire number, so that numbers have no gaps; one that is released after others were sent goes
//!   to the end of the order, so that numbers rise with the order.

use std::collections::{BTreeMap, BTreeSet};

use satchel_protocol::{Load, RowKey, workspace::Footprint};
use uuid::Uuid;

use super::{Decision, Entry, Queue};
use crate::{db::Tx, error::StoreError, observe::Collected, rebase::Seeds, store::State};

/// A mutation whose effects went away, and the rows it had written.
#[derive(Clone, Debug)]
pub(crate) struct Lost {
    pub(crate) key: Uuid,
    pub(crate) rows: BTreeSet<RowKey>,
}

/// Mutations whose effects went away, by their order.
pub(crate) type LostByOrder = BTreeMap<i64, Lost>;

/// The first mutation before `order` whose effects went away and on whose rows one of these runs stood. The first one,
/// because that is most likely the refused one itself.
pub(crate) fn cause<'a>(
    lost: &LostByOrder,
    order: i64,
    mut runs: impl Iterator<Item = &'a Footprint> + Clone,
) -> Option<Uuid> {
    let mut touched = |row: &RowKey| runs.any(|run| run.writes.contains(row) || run.reads.contains(&Load::Row(*row)));
    let before = lost.range(..order);
    before.map(|(_, lost)| lost).find(|lost| lost.rows.iter().any(&mut touched)).map(|lost| lost.key)
}

/// Holds what is to be held and releases the rest; how many were released, and what is to be rebased for that.
pub(crate) fn update(tx: &Tx<'_>, state: &mut State, collected: &mut Collected) -> Result<(usize, Seeds), StoreError> {
    let mut seeds = Seeds::default();
    let mut released = Vec::new();
    // In order: what a mutation depends on stands before it.
    for order in state.queue.dependent().clone() {
        let Some(entry) = state.queue.get(order).filter(|entry| entry.decision.is_none()) else { continue };
        let (was_held, is_held) = (entry.held, is_to_be_held(entry, state));
        if was_held == is_held {
            continue;
        }
        tx.set_hold(order, entry.because_of, is_held)?;
        state.queue.change(order, |entry| entry.held = is_held);
        collected.queue();
        if was_held {
            released.push(order);
        }
    }
    for order in &released {
        if *order <= state.sent_through {
            move_to_end(tx, state, *order, &mut seeds)?;
        }
    }
    Ok((released.len(), seeds))
}

fn is_to_be_held(entry: &Entry, state: &State) -> bool {
    let cause = entry.because_of.and_then(|key| state.queue.by_key(key));
    let waits = |cause: &Entry| cause.decision == Some(Decision::Refused) || cause.held;
    was_never_sent(entry, state) && entry.refusal.is_some() && cause.is_some_and(waits)
}

/// Whether no push ever carried it, whatever became of its number.
pub(crate) fn was_never_sent(entry: &Entry, state: &State) -> bool {
    entry.decision.is_none() && entry.seq.is_none() && (entry.held || entry.order > state.sent_through)
}

/// Gives a mutation that was never sent the last place in the order.
pub(crate) fn move_to_end(tx: &Tx<'_>, state: &mut State, from: i64, seeds: &mut Seeds) -> Result<i64, StoreError> {
    let to = state.queue.next_order();
    tx.move_entry(from, to)?;
    if let Some(mut entry) = state.queue.remove(from) {
        entry.order = to;
        seeds.rows.extend(&entry.footprint.writes);
        seeds.orders.insert(to);
        state.queue.insert(entry);
    }
    Ok(to)
}

/// What is refused or held because of a mutation, directly or not, in order.
pub(crate) fn group(queue: &Queue, key: Uuid) -> Vec<i64> {
    let mut keys = BTreeSet::from([key]);
    let mut orders = Vec::new();
    // What a mutation depends on stands before it.
    for entry in queue.dependent().iter().filter_map(|order| queue.get(*order)) {
        let waits = entry.held || entry.decision == Some(Decision::Refused);
        if waits && entry.because_of.is_some_and(|cause| keys.contains(&cause)) && keys.insert(entry.key) {
            orders.push(entry.order);
        }
    }
    orders
}
