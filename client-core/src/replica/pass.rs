//! The pass under way.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use satchel_protocol::{Registry, ShapeError, checksum::place_digest, wire::TableFill};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::Page;
use crate::{
    db::{MetaName, StoredPass, Tx},
    error::StoreError,
    store::State,
};

/// Pages from one cursor to the next.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    /// The scopes held once it is complete.
    pub(crate) target: Vec<Uuid>,
    /// What it sends in full.
    pub(crate) fill: Vec<TableFill>,
    /// The part of `fill` of which rows were here before: those it does not send are dropped at its end.
    pub(super) replacing: HashSet<(&'static str, Uuid)>,
    /// Scopes of which only a part may be here until it is complete: entered, filled or dropped.
    pub(super) begun: Vec<Uuid>,
    /// The server's mark after the last whole page.
    pub(crate) token: Option<String>,
    /// Rows received.
    pub(crate) rows_done: u64,
    /// About how many rows it has.
    pub(crate) rows_total: Option<u64>,
    /// Whether it is on disk. One that fits a single transaction never is.
    pub(super) stored: bool,
    /// Whether a row waits for its end.
    pub(super) staged: bool,
}

impl Pass {
    /// The stored pass, if one is under way.
    pub(crate) fn load(tx: &Tx<'_>, registry: &Registry) -> Result<Option<Self>, StoreError> {
        let Some(stored) = tx.pass()? else {
            return Ok(None);
        };
        let replacing: Vec<(String, Uuid)> = decode(&stored.replacing)?;
        let known = |(table, scope): (String, Uuid)| Some((registry.table(&table)?.name, scope));
        Ok(Some(Self {
            target: decode(&stored.target)?,
            fill: decode(&stored.fill)?,
            replacing: replacing.into_iter().filter_map(known).collect(),
            begun: decode(&stored.begun)?,
            token: stored.token,
            rows_done: stored.rows_done,
            rows_total: stored.rows_total,
            stored: true,
            staged: tx.any_staged()?,
        }))
    }

    /// Begins the pass that this first page opens.
    pub(super) fn begin(tx: &Tx<'_>, state: &State, page: &Page<'_>, stored: bool) -> Result<Self, StoreError> {
        let mut target: BTreeSet<Uuid> = state.held.as_ref().clone();
        target.extend(&page.enter);
        page.leave.iter().for_each(|scope| {
            target.remove(scope);
        });
        let mut begun: BTreeSet<Uuid> = page.enter.iter().chain(&page.leave).copied().collect();
        let mut replacing = HashSet::new();
        for fill in &page.fill {
            begun.extend(&fill.scopes);
            let Some(table) = state.registry.table(&fill.table) else {
                continue;
            };
            for scope in &fill.scopes {
                if tx.checksum(table.name, *scope)?.count > 0 {
                    replacing.insert((table.name, *scope));
                }
            }
        }
        let pass = Self {
            target: target.into_iter().collect(),
            fill: page.fill.clone(),
            replacing,
            begun: begun.into_iter().collect(),
            token: None,
            rows_done: 0,
            rows_total: page.rows_total,
            stored,
            staged: false,
        };
        if stored {
            tx.begin_pass(&StoredPass {
                target: encode(&pass.target)?,
                fill: encode(&pass.fill)?,
                replacing: encode(&pass.replacing)?,
                begun: encode(&pass.begun)?,
                token: None,
                rows_done: 0,
                rows_total: pass.rows_total,
            })?;
        }
        Ok(pass)
    }

    /// Notes how far it is.
    pub(super) fn advance(&self, tx: &Tx<'_>) -> Result<(), StoreError> {
        if self.stored { tx.advance_pass(self.token.as_deref(), self.rows_done) } else { Ok(()) }
    }
}

/// The digest of the mark or cursor that the next page goes on from; none if that is a fill's first.
pub(super) fn place(state: &State) -> Option<String> {
    let mark = state.pass.as_ref().and_then(|pass| pass.token.as_deref());
    mark.or(state.cursor.as_deref()).map(place_digest)
}

/// Gives the pass up. Scopes it filled or dropped in part count as held, and the cursor is forgotten: comparing checksums
/// is what completes them or drops them.
pub(crate) fn forget_pass(tx: &Tx<'_>, state: &mut State) -> Result<(), StoreError> {
    let Some(pass) = state.pass.take() else {
        return Ok(());
    };
    if !pass.begun.is_empty() {
        hold(tx, state, pass.begun.into_iter().chain(state.held.iter().copied()).collect())?;
        set_cursor(tx, state, None)?;
    }
    tx.end_pass()
}

/// Forgets where the replica stands; rows stay.
pub(crate) fn forget_cursor(tx: &Tx<'_>, state: &mut State) -> Result<(), StoreError> {
    forget_pass(tx, state)?;
    set_cursor(tx, state, None)
}

/// Sets where the replica stands. Without cursor it is not verified either.
pub(super) fn set_cursor(tx: &Tx<'_>, state: &mut State, cursor: Option<String>) -> Result<(), StoreError> {
    if cursor.is_none() && state.verified {
        state.verified = false;
        tx.set_meta::<bool>(MetaName::Verified, None)?;
    }
    tx.set_meta(MetaName::Cursor, cursor.as_ref())?;
    state.cursor = cursor;
    Ok(())
}

/// Sets the held scopes.
pub(super) fn hold(tx: &Tx<'_>, state: &mut State, held: BTreeSet<Uuid>) -> Result<(), StoreError> {
    for scope in held.difference(&state.held) {
        tx.hold_scope(*scope, true)?;
    }
    for scope in state.held.difference(&held) {
        tx.hold_scope(*scope, false)?;
    }
    if *state.held != held {
        state.held = Arc::new(held);
    }
    Ok(())
}

fn encode<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| unreadable())
}

fn decode<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| unreadable())
}

fn unreadable() -> StoreError {
    StoreError::Stored(ShapeError::new("the pass under way", "what was written"))
}
