//! Asking for the next page.

use satchel_protocol::{
    PROTOCOL_VERSION,
    checksum::scopes_digest,
    wire::{Cursor, Held, PullRequest, Resume},
};

use super::forget_pass;
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
        state.asked_through = request.verdicts_through;
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
    }
    Ok(request)
}
