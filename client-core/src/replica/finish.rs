//! Completing a pass: what waited for its end, the cursor, and what it says of this phone's mutations.

use satchel_protocol::{RowKey, checksum::Checksum, wire::Manifest};
use uuid::Uuid;

use super::{
    Page, Pass, Progressed,
    apply::Intake,
    pass::{hold, set_cursor},
};
use crate::{
    db::{MetaName, Tx},
    error::StoreError,
    queue::{verdict::contain, wire::feed_again},
    rebase::Seeds,
    simulation::{Bug, planted},
    store::State,
};

/// Applies the end of a pass; what is to be rebased is returned. The page's rows and verdicts are in already.
pub(super) fn finish(
    mut intake: Intake<'_, '_>,
    page: &Page<'_>,
    pass: Pass,
    progressed: &mut Progressed,
) -> Result<Seeds, StoreError> {
    if pass.stored {
        for (key, image) in intake.tx.staged()? {
            intake.settle_row(key, image)?;
        }
    }
    for (table, scope) in &pass.replacing {
        let fill = pass.fill.iter().find(|fill| fill.table == *table);
        let stays = |id| fill.is_some_and(|fill| !fill.covers(*scope, id));
        intake
            .drop_scope(table, *scope, usize::MAX, |tx: &Tx<'_>, key: RowKey| Ok(stays(key.id) || tx.is_seen(key)?))?;
    }
    let Intake { tx, state, collected, mut sums, mut seeds } = intake;
    sums.flush(tx)?;
    let was_fill = state.cursor.is_none();
    hold(tx, state, pass.target.iter().copied().collect())?;
    set_cursor(tx, state, page.cursor.as_ref().map(|cursor| cursor.0.clone()))?;
    if was_fill {
        tx.clear_stale_tables()?;
    }
    // A pass in one transaction leaves nothing behind, unless rows were marked as seen.
    if pass.stored || !pass.replacing.is_empty() {
        tx.end_pass()?;
    }
    // Mutations accepted under an earlier device id have number 0: any later pass contains them.
    progressed.refed += contain(tx, state, 0, &mut seeds)?;
    if let Some(last_seq) = page.last_seq {
        if is_cloned(tx, state, last_seq, page.last_key)? {
            progressed.cloned = true;
        } else {
            // Verdicts may have come without a delta: what the server said of them it said before this pull was made.
            if last_seq < state.contained_seq.max(state.asked.verdicts_through) {
                progressed.refed += feed_again(tx, state, last_seq, &mut seeds)?;
            }
            progressed.refed += contain(tx, state, last_seq, &mut seeds)?;
            if last_seq != state.contained_seq {
                state.contained_seq = last_seq;
                tx.set_meta(MetaName::ContainedSeq, Some(&last_seq))?;
            }
            collected.queue();
        }
    }
    if let Some(manifest) = &page.manifest {
        if matches(tx, state, manifest)? || planted(Bug::ManifestIgnored) {
            state.verified = true;
            state.ever_ready = true;
            tx.set_meta(MetaName::Verified, Some(&true))?;
            tx.set_meta(MetaName::EverReady, Some(&true))?;
            if std::mem::take(&mut state.diverged) {
                tx.set_meta::<bool>(MetaName::Diverged, None)?;
            }
        } else {
            set_cursor(tx, state, None)?;
            state.divergences += 1;
            tx.set_meta(MetaName::Divergences, Some(&state.divergences))?;
            state.diverged = true;
            tx.set_meta(MetaName::Diverged, Some(&true))?;
            progressed.mismatch = true;
        }
    }
    Ok(seeds)
}

/// Whether another phone sends under this device id: the server knows a number never given here, or another key at one.
fn is_cloned(tx: &Tx<'_>, state: &State, last_seq: u64, last_key: Option<Uuid>) -> Result<bool, StoreError> {
    if last_seq >= state.next_seq {
        return Ok(true);
    }
    let Some(last_key) = last_key else {
        return Ok(false);
    };
    let queued = state.queue.iter().find(|entry| entry.seq == Some(last_seq)).map(|entry| entry.key);
    let known = match queued {
        Some(key) => Some(key),
        None => tx.history_key(last_seq)?,
    };
    Ok(known.is_some_and(|key| key != last_key))
}

/// Whether the rows here are those the server counts, table by table.
fn matches(tx: &Tx<'_>, state: &State, manifest: &Manifest) -> Result<bool, StoreError> {
    let held = tx.checksums()?;
    Ok(state.registry.tables.iter().all(|table| {
        let mut sum = Checksum::default();
        held.get(table.name).into_iter().flatten().for_each(|(_, scope)| sum.merge(*scope));
        sum == manifest.get(table.name).copied().unwrap_or_default()
    }))
}
