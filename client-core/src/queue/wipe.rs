//! Getting everything away before the office has this file deleted.
//!
//! Invariants:
//! - What only this phone has keeps the file from being deleted, unless the organization says that it need not (P1).
//! - That nothing is left and that nothing may be entered any more is one transaction.

use satchel_protocol::{Mutation as _, inbox::SubmitToOffice, wire::Wipe};
use serde_json::value::RawValue;

use super::{Decision, Entry, holds, repair};
use crate::{
    db::{MetaName, Tx},
    error::StoreError,
    observe::Collected,
    rebase::Seeds,
    store::State,
};

/// Whether only this phone has it.
fn is_only_here(entry: &Entry) -> bool {
    entry.decision.is_none() || entry.decision == Some(Decision::Refused) && entry.seq.is_none()
}

/// Sends what would otherwise wait for a person: held mutations are released, for the server to decide, and refused ones
/// handed to the office, each once. Whether anything was queued, and what is to be rebased.
pub(crate) fn upload_all(
    tx: &Tx<'_>,
    state: &mut State,
    context: &RawValue,
    collected: &mut Collected,
) -> Result<(bool, Seeds), StoreError> {
    let mut seeds = Seeds::default();
    let held: Vec<i64> = state.queue.iter().filter(|entry| entry.held).map(|entry| entry.order).collect();
    for order in &held {
        tx.set_hold(*order, None, false)?;
        state.queue.change(*order, |entry| (entry.because_of, entry.held) = (None, false));
        if *order <= state.sent_through {
            holds::move_to_end(tx, state, *order, &mut seeds)?;
        }
    }
    // A trade without an inbox has nobody to hand it to; the server keeps what it refused all the same.
    let has_inbox = state.registry.mutation(SubmitToOffice::NAME).is_some();
    let is_due = |entry: &&Entry| {
        has_inbox
            && entry.decision == Some(Decision::Refused)
            && entry.seq.is_some()
            && entry.handed.is_none()
            && entry.name != SubmitToOffice::NAME
            && !state.handed_before_wipe.contains(&entry.key)
    };
    let due: Vec<_> = state.queue.iter().filter(is_due).map(|entry| (entry.order, entry.key)).collect();
    for (order, key) in &due {
        repair::submit(tx, state, *order, None, context, collected)?;
        state.handed_before_wipe.insert(*key);
    }
    let any = !held.is_empty() || !due.is_empty();
    if any {
        collected.queue();
    }
    Ok((any, seeds))
}

/// Decides that the file is to be deleted, if nothing is left that only this phone has or the organization does not wait
/// for it; from then on nothing can be entered.
pub(crate) fn begin(tx: &Tx<'_>, state: &mut State) -> Result<bool, StoreError> {
    let Some(wipe) = state.wipe else { return Ok(false) };
    if wipe != Wipe::AtOnce && state.queue.iter().any(is_only_here) {
        return Ok(false);
    }
    tx.set_meta(MetaName::Wiping, Some(&true))?;
    state.wiping = true;
    Ok(true)
}
