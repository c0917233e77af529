//! Asking for the next page.

use std::collections::{BTreeMap, BTreeSet};

use satchel_protocol::{
    PROTOCOL_VERSION,
    checksum::{Checksum, scopes_digest},
    limits::RANGE_ROWS,
    wire::{Cursor, Held, PullRequest, Resume},
};

use uuid::Uuid;

use super::{
    forget_pass,
    pass::place,
    verify::{count, total},
};
use crate::{db::Tx, error::StoreError, queue::wire::verdicts_through, store::State};

/// What to ask for. `with_ids`: with the full list of held scopes.
pub(crate) fn pull_request(tx: &Tx<'_>, state: &mut State, with_ids: bool) -> Result<PullRequest, StoreError> {
    if state.pass.as_ref().is_some_and(|pass| pass.token.is_none()) {
        // Its first page was not received whole: there is no mark to go on from.
        forget_pass(tx, state)?;
    }
    let resume = state.pass.as_ref().and_then(|pass| {
        let token = pass.token.clone()?;
        Some(Resume { token, fill: pass.fill.clone(), scopes: pass.target.clone() })
    });
    let mut request = PullRequest {
        protocol: PROTOCOL_VERSION,
        device_id: state.device_id,
        cursor: state.cursor.clone().map(Cursor),
        held: Held { digest: scopes_digest(state.held.iter().copied()), ids: None },
        resume,
        manifest: !state.verified,
        verdicts_through: verdicts_through(state),
        permissions: Some(state.permissions.as_ref().map(|told| told.digest.clone()).unwrap_or_default()),
        ..PullRequest::default()
    };
    if request.resume.is_none() {
        state.asked.verdicts_through = request.verdicts_through;
    }
    if let Some(place) = place(state) {
        state.asked.from(place, state.held.clone());
    }
    if with_ids || request.cursor.is_none() {
        request.held.ids = Some(state.held.iter().copied().collect());
    }
    if request.cursor.is_none() && request.resume.is_none() {
        request.checksums = tx.checksums()?;
        for table in tx.stale_tables()? {
            request.checksums.remove(&table);
        }
        // A table this build no longer has is none of its concern.
        request.checksums.retain(|table, _| state.registry.table(table).is_some());
        request.diverged = state.diverged;
        look_closer(tx, state, &mut request)?;
    }
    Ok(request)
}

/// Counts the rows themselves: of large tables by range, so that a difference costs a range and not the table; of all
/// tables once the replica was found to differ, because it may be the kept checksum that is wrong.
fn look_closer(tx: &Tx<'_>, state: &State, request: &mut PullRequest) -> Result<(), StoreError> {
    let is_large = |sum: &Checksum| sum.count > RANGE_ROWS;
    for sql in tx.schema.tables() {
        let table = sql.table.name;
        let Some(kept) = request.checksums.get_mut(table) else { continue };
        if !state.diverged && !kept.values().any(is_large) {
            continue;
        }
        let found = count(tx, state, sql)?;
        let scopes: BTreeSet<Uuid> = kept.keys().chain(found.keys()).copied().collect();
        for scope in scopes {
            let is = found.get(&scope).map(|ranges| total(ranges)).unwrap_or_default();
            let said = kept.get(&scope).copied().unwrap_or_default();
            if is != said {
                tx.add_checksum(table, scope, is.less(said))?;
                kept.insert(scope, is);
            }
        }
        let large = found.into_iter().filter(|(_, ranges)| is_large(&total(ranges)));
        let large: BTreeMap<Uuid, Vec<Checksum>> = large.map(|(scope, ranges)| (scope, ranges.to_vec())).collect();
        if !large.is_empty() {
            request.ranges.insert(table.to_owned(), large);
        }
    }
    Ok(())
}
