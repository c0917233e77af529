//! Wire numbers and batches.

use satchel_protocol::wire::PushedMutation;
use uuid::Uuid;

use super::Decision;
use crate::{
    db::{MetaName, Tx},
    error::StoreError,
    rebase::Seeds,
    replica::{Asked, forget_pass},
    simulation::{self, Bug, planted},
    store::{Pushed, State},
};

/// Bytes of a pushed mutation beside its arguments, context and name.
const ENVELOPE_BYTES: usize = 128;

/// The first undecided mutations that are not held, numbered. See [`Store::next_batch`](crate::Store::next_batch).
pub(crate) fn next_batch(
    tx: &Tx<'_>,
    state: &mut State,
    max_mutations: usize,
    max_bytes: usize,
) -> Result<Vec<PushedMutation>, StoreError> {
    let undecided: Vec<_> = state
        .queue
        .iter()
        .filter(|entry| entry.decision.is_none() && !entry.held)
        .take(max_mutations)
        .map(|entry| (entry.order, entry.key, entry.seq, entry.name.clone(), entry.retry_of))
        .collect();
    let mut batch = Vec::with_capacity(undecided.len());
    let mut bytes = 0;
    let first_new = state.next_seq;
    for (order, key, seq, name, retry_of) in undecided {
        let content = tx.content(order)?;
        bytes += content.args.get().len() + content.context.get().len() + name.len() + ENVELOPE_BYTES;
        if bytes > max_bytes && !batch.is_empty() {
            break;
        }
        let resent = seq.is_none() && order <= state.sent_through;
        let key = if resent && planted(Bug::RenewalDropsKeys) { simulation::new_id() } else { key };
        let seq = match seq {
            Some(seq) => seq,
            None => {
                let seq = state.next_seq;
                tx.set_seq(order, Some(seq))?;
                state.queue.change(order, |entry| entry.seq = Some(seq));
                state.next_seq += 1;
                state.sent_through = state.sent_through.max(order);
                seq
            }
        };
        batch.push(PushedMutation { seq, key, name, args: content.args, context: content.context, retry_of });
    }
    if state.next_seq != first_new {
        tx.set_meta(MetaName::NextSeq, Some(&state.next_seq))?;
        tx.set_meta(MetaName::SentThrough, Some(&state.sent_through))?;
    }
    Ok(batch)
}

/// The highest number below which every verdict is stored here.
pub(crate) fn verdicts_through(state: &State) -> u64 {
    let undecided = state.queue.iter().filter(|entry| entry.decision.is_none()).filter_map(|entry| entry.seq).min();
    undecided.unwrap_or(state.next_seq).saturating_sub(1)
}

/// The server was restored and knows this device's mutations only up to `last_seq`: those above are undecided again,
/// under their old keys and numbers where none is missing, else numbered anew. How many came back.
pub(crate) fn feed_again(
    tx: &Tx<'_>,
    state: &mut State,
    last_seq: u64,
    seeds: &mut Seeds,
) -> Result<usize, StoreError> {
    let mut back = tx.requeue_history(last_seq)?;
    let lost: Vec<_> = state
        .queue
        .iter()
        .filter(|entry| entry.seq.is_some_and(|seq| seq > last_seq) && (entry.decision.is_some() || entry.contained))
        .map(|entry| entry.order)
        .collect();
    back += lost.len();
    for order in lost {
        tx.set_outcome(order, None, false)?;
    }
    state.contained_seq = state.contained_seq.min(last_seq);
    state.asked.verdicts_through = state.asked.verdicts_through.min(last_seq);
    tx.set_meta(MetaName::ContainedSeq, Some(&state.contained_seq))?;
    state.reload_queue(tx)?;
    let expected = last_seq + 1..state.next_seq;
    let numbered = state.queue.iter().filter_map(|entry| entry.seq).filter(|seq| expected.contains(seq)).count() as u64;
    if numbered != state.next_seq.saturating_sub(last_seq + 1) {
        renumber(tx, state, last_seq + 1)?;
    }
    // Their effects are to be shown again.
    seeds.orders.extend(state.queue.iter().filter(|entry| entry.is_shown()).map(|entry| entry.order));
    Ok(back)
}

/// Takes the numbers from `next_seq` on back; they are given anew before the next send. Keys keep it exactly once.
pub(crate) fn renumber(tx: &Tx<'_>, state: &mut State, next_seq: u64) -> Result<(), StoreError> {
    let numbered: Vec<_> = state
        .queue
        .iter()
        .filter(|entry| entry.seq.is_some_and(|seq| seq >= next_seq) && entry.decision != Some(Decision::Refused))
        .map(|entry| entry.order)
        .collect();
    for order in numbered {
        // One that was accepted meanwhile is in whatever pass completes from now on, and is then sent once more.
        let accepted = state.queue.get(order).is_some_and(|entry| entry.decision == Some(Decision::Accepted));
        let seq = accepted.then_some(0);
        tx.set_seq(order, seq)?;
        state.queue.change(order, |entry| entry.seq = seq);
    }
    state.next_seq = next_seq;
    tx.set_meta(MetaName::NextSeq, Some(&next_seq))
}

/// Numbers rise with the order: where one that is sent once more waits for its number, those of younger undecided ones are taken
/// back. If the server has them already, it answers by their keys, or finds the phone out for a clone, which renews it.
pub(crate) fn keep_order(tx: &Tx<'_>, state: &mut State) -> Result<(), StoreError> {
    let mut undecided = state.queue.iter().filter(|entry| entry.decision.is_none() && !entry.held);
    let begin = undecided.find(|entry| entry.seq.is_none());
    let taken_back = begin.and_then(|_| undecided.filter_map(|entry| entry.seq).min());
    taken_back.map_or(Ok(()), |seq| renumber(tx, state, seq))
}

/// Answers `SEQUENCE_GAP`. See [`Store::renumber_from`](crate::Store::renumber_from).
pub(crate) fn renumber_from(
    tx: &Tx<'_>,
    state: &mut State,
    expected_seq: u64,
    seeds: &mut Seeds,
) -> Result<Pushed, StoreError> {
    let mut pushed = Pushed { cloned: expected_seq > state.next_seq, ..Pushed::default() };
    if pushed.cloned {
        return Ok(pushed);
    }
    if expected_seq <= verdicts_through(state) {
        pushed.refed = feed_again(tx, state, expected_seq.saturating_sub(1), seeds)?;
    } else {
        // Nothing is missing here, and yet the server says so: were the numbers kept, the same push would be refused for
        // ever.
        renumber(tx, state, expected_seq)?;
    }
    Ok(pushed)
}

/// Gives this phone a new device id; numbers start anew, also those of what was accepted: it is sent once more, for the
/// server to know it under the new id, and is answered by its key. A pass under way was asked for under the old one: it is given
/// up.
pub(crate) fn renew_device_id(tx: &Tx<'_>, state: &mut State) -> Result<Uuid, StoreError> {
    forget_pass(tx, state)?;
    state.device_id = simulation::new_id();
    tx.set_meta(MetaName::DeviceId, Some(&state.device_id))?;
    tx.requeue_accepted()?;
    state.reload_queue(tx)?;
    let numbered: Vec<_> = state
        .queue
        .iter()
        .filter(|entry| entry.seq.is_some())
        .map(|entry| (entry.order, entry.decision.is_some()))
        .collect();
    for (order, decided) in numbered {
        // Number 0 says: the server had it under an earlier device id. Any pass that completes from now on contains it.
        let seq = decided.then_some(0);
        tx.set_seq(order, seq)?;
        state.queue.change(order, |entry| entry.seq = seq);
    }
    (state.next_seq, state.contained_seq, state.asked) = (1, 0, Asked::default());
    tx.set_meta(MetaName::NextSeq, Some(&state.next_seq))?;
    tx.set_meta(MetaName::ContainedSeq, Some(&state.contained_seq))?;
    Ok(state.device_id)
}
