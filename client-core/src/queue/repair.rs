//! What a person does about a refused mutation: send it again, as it was or corrected, take it back, or hand it to the
//! office.
//!
//! Invariants:
//! - What is sent again is a new mutation with a new key that names the old one; the old one stays in the history.
//! - What depends on it goes after it, in the order it had: those the server refused under new keys, those that were
//!   held under their own.
//! - Handing one to the office is a mutation like others, so that it survives and arrives once. The refused one stays until
//!   the office has decided.
//! - Taking one back never takes back another without being asked to: what depended on it is released, and the server
//!   decides on it.

use satchel_protocol::{Mutation as _, MutationKind, ShapeError, inbox::SubmitToOffice};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{
    Decision,
    enqueue::{self, New, OnRefusal},
    holds,
    verdict::HISTORY_MUTATIONS,
};
use crate::{db::Tx, error::StoreError, observe::Collected, rebase::Seeds, simulation, store::State};

/// Queues a refused mutation again, with other arguments if there are any, and what depends on it after it. Its new key,
/// and what is to be rebased.
pub(crate) fn resend(
    tx: &Tx<'_>,
    state: &mut State,
    key: Uuid,
    args: Option<&RawValue>,
    collected: &mut Collected,
) -> Result<(Uuid, Seeds), StoreError> {
    let order = refused(state, key)?;
    let group = holds::group(&state.queue, key);
    let mut seeds = Seeds::default();
    let mut renamed = vec![(key, again(tx, state, order, args, collected)?)];
    for order in group {
        let Some(entry) = state.queue.get(order) else { continue };
        let (key, because_of) = (entry.key, entry.because_of);
        let new_key = if entry.held {
            holds::move_to_end(tx, state, order, &mut seeds)?;
            key
        } else {
            again(tx, state, order, None, collected)?
        };
        renamed.push((key, new_key));
        let because_of = renamed.iter().find(|(old, _)| Some(*old) == because_of).map(|(_, new)| *new);
        if let Some(order) = state.queue.by_key(new_key).map(|entry| entry.order) {
            tx.set_hold(order, because_of, false)?;
            state.queue.change(order, |entry| (entry.because_of, entry.held) = (because_of, false));
            seeds.orders.insert(order);
        }
    }
    Ok((renamed[0].1, seeds))
}

/// Takes a refused mutation off the queue, or one that was never sent; what is to be rebased is returned.
pub(crate) fn undo(tx: &Tx<'_>, state: &mut State, key: Uuid, collected: &mut Collected) -> Result<Seeds, StoreError> {
    let entry = state.queue.by_key(key).ok_or(StoreError::NotQueued { key })?;
    let mut seeds = Seeds::default();
    if holds::was_never_sent(entry, state) {
        seeds.rows.extend(&entry.footprint.writes);
    } else if entry.decision != Some(Decision::Refused) {
        return Err(StoreError::AlreadySent { key });
    }
    let (order, because_of) = (entry.order, entry.because_of);
    leave(tx, state, order, None)?;
    not_handed(tx, state, key)?;
    // What waited for it waits for what it waited for itself.
    for dependent in state.queue.dependent().clone() {
        if let Some(entry) = state.queue.get(dependent).filter(|entry| entry.because_of == Some(key)) {
            tx.set_hold(dependent, because_of, entry.held)?;
            state.queue.change(dependent, |entry| entry.because_of = because_of);
        }
    }
    collected.queue();
    Ok(seeds)
}

/// Takes a refused mutation back with everything that waits for it or was refused because of it.
pub(crate) fn undo_group(
    tx: &Tx<'_>,
    state: &mut State,
    key: Uuid,
    collected: &mut Collected,
) -> Result<Seeds, StoreError> {
    let mut seeds = Seeds::default();
    let group = holds::group(&state.queue, key);
    let keys: Vec<Uuid> =
        group.iter().rev().filter_map(|order| state.queue.get(*order)).map(|entry| entry.key).collect();
    for key in keys.into_iter().chain([key]) {
        let undone = undo(tx, state, key, collected)?;
        seeds.rows.extend(undone.rows);
        seeds.orders.extend(undone.orders);
    }
    Ok(seeds)
}

/// Hands a refused mutation to the office, and those that were refused because of it, in order.
pub(crate) fn hand_over(
    tx: &Tx<'_>,
    state: &mut State,
    key: Uuid,
    note: Option<&str>,
    context: &RawValue,
    collected: &mut Collected,
) -> Result<(), StoreError> {
    let first = refused(state, key)?;
    for order in std::iter::once(first).chain(holds::group(&state.queue, key)) {
        let Some(entry) = state.queue.get(order).filter(|entry| entry.decision == Some(Decision::Refused)) else {
            continue;
        };
        if entry.seq.is_none() {
            return Err(StoreError::NeverSent { key: entry.key });
        }
        if entry.handed.is_none() {
            submit(tx, state, order, note, context, collected)?;
        }
    }
    Ok(())
}

/// Queues the mutation that hands one refused mutation to the office.
pub(super) fn submit(
    tx: &Tx<'_>,
    state: &mut State,
    order: i64,
    note: Option<&str>,
    context: &RawValue,
    collected: &mut Collected,
) -> Result<(), StoreError> {
    let Some(key) = state.queue.get(order).map(|entry| entry.key) else { return Ok(()) };
    let name = SubmitToOffice::NAME;
    let kind = state.registry.mutation(name).ok_or_else(|| StoreError::UnknownMutation { name: name.to_owned() })?;
    let order_to_office = SubmitToOffice { key, note: note.map(str::to_owned) };
    let args = serde_json::value::to_raw_value(&order_to_office)
        .map_err(|_| StoreError::Arguments(ShapeError::new(name, "arguments that are JSON")))?;
    let handed = Uuid::now_v7();
    let new = New { key: handed, kind, args: &args, context, retry_of: None };
    enqueue::enqueue(tx, state, &new, OnRefusal::Queue, collected)?;
    tx.set_handed(order, Some(handed))?;
    state.queue.change(order, |entry| entry.handed = Some(handed));
    Ok(())
}

/// What was to be handed to the office by that mutation is not: it was refused or taken back.
pub(super) fn not_handed(tx: &Tx<'_>, state: &mut State, submit: Uuid) -> Result<(), StoreError> {
    let order = state.queue.iter().find(|entry| entry.handed == Some(submit)).map(|entry| entry.order);
    if let Some(order) = order {
        tx.set_handed(order, None)?;
        state.queue.change(order, |entry| entry.handed = None);
    }
    Ok(())
}

fn refused(state: &State, key: Uuid) -> Result<i64, StoreError> {
    let entry = state.queue.by_key(key).ok_or(StoreError::NotQueued { key })?;
    if entry.decision == Some(Decision::Refused) { Ok(entry.order) } else { Err(StoreError::AlreadySent { key }) }
}

/// Queues one refused mutation again under a new key, which is returned.
fn again(
    tx: &Tx<'_>,
    state: &mut State,
    order: i64,
    args: Option<&RawValue>,
    collected: &mut Collected,
) -> Result<Uuid, StoreError> {
    let entry = state.queue.get(order).ok_or(StoreError::NotQueued { key: Uuid::nil() })?;
    let (key, name) = (entry.key, entry.name.clone());
    // One that the server never had says nothing to it; what it was entered in place of does.
    let retry_of = if entry.seq.is_some() { Some(key) } else { entry.retry_of };
    let kind: &'static MutationKind = state.registry.mutation(&name).ok_or(StoreError::UnknownMutation { name })?;
    let content = tx.content(order)?;
    let args = args.unwrap_or(&content.args);
    (kind.decode)(args.get()).map_err(StoreError::Arguments)?;
    let new_key = simulation::new_id();
    leave(tx, state, order, Some(new_key))?;
    let new = New { key: new_key, kind, args, context: &content.context, retry_of };
    enqueue::enqueue(tx, state, &new, OnRefusal::Queue, collected)?;
    Ok(new_key)
}

fn leave(tx: &Tx<'_>, state: &mut State, order: i64, replaced_by: Option<Uuid>) -> Result<(), StoreError> {
    tx.dequeue(order, replaced_by)?;
    state.queue.remove(order);
    tx.trim_history(HISTORY_MUTATIONS)
}
