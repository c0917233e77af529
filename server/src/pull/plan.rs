//! What a pass sends, decided on page 1 from what the replica says it holds.
//!
//! Invariants:
//! - A cursor is used only in the history, for the rights and with the scopes it was made for; otherwise the phone is
//!   told to pull without it.
//! - Pure: everything is decided from the request and the [`Head`].

use std::collections::{BTreeMap, BTreeSet};

use satchel_protocol::{
    ErrorCode, Registry,
    checksum::{Checksum, RANGES, scopes_digest},
    limits,
    wire::{Held, PullRequest, TableFill},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    error::ApiError,
    feed::{Cursor, cursor::digest_from_text, head::Head, totals::Total},
};

/// Why a cursor cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stale {
    /// Another history: the database was restored, copied or failed over.
    History,
    /// From a future that this database does not have: it was set back.
    Future,
    /// Postgres restarted, which may have reused transaction numbers.
    Restart,
    /// Older than the feed is kept.
    Trimmed,
    /// The caller's rights changed, so that rows appear or go without having changed.
    Access,
    /// The replica does not hold the scopes it held when it got the cursor.
    Scopes,
}

impl Stale {
    /// Its name in `details.reason`.
    pub fn reason(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::Future => "future",
            Self::Restart => "restart",
            Self::Trimmed => "trimmed",
            Self::Access => "access",
            Self::Scopes => "scopes",
        }
    }
}

impl From<Stale> for ApiError {
    fn from(stale: Stale) -> Self {
        let why = match stale {
            Stale::History => "the cursor belongs to another history of the database",
            Stale::Future => "the cursor is from a state the database no longer has",
            Stale::Restart => "the database restarted since the cursor was made",
            Stale::Trimmed => "the cursor is older than the kept history of changes",
            Stale::Access => "the caller's rights have changed since the cursor was made",
            Stale::Scopes => "the replica holds other scopes than the cursor was made for",
        };
        Self::new(
            ErrorCode::CursorStale,
            format!("Pull again without a cursor, with the checksums and ids of everything held: {why}."),
        )
        .with_details(json!({ "reason": stale.reason() }))
    }
}

/// Whether `cursor` can be continued from.
///
/// # Errors
/// The first reason it cannot.
pub fn check(cursor: &Cursor, head: &Head, fingerprint: u64, held: &Held) -> Result<(), Stale> {
    if cursor.history.identity != head.history.identity {
        return Err(Stale::History);
    }
    if cursor.snapshot.xmax > head.snapshot.xmax {
        return Err(Stale::Future);
    }
    if cursor.history.started != head.history.started {
        return Err(Stale::Restart);
    }
    if cursor.snapshot.xmin < head.trimmed {
        return Err(Stale::Trimmed);
    }
    if cursor.fingerprint != fingerprint {
        return Err(Stale::Access);
    }
    if digest_from_text(&held.digest) != Some(cursor.scopes) {
        return Err(Stale::Scopes);
    }
    Ok(())
}

/// How the scopes held and the scopes due differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeChange {
    /// Due, not held.
    pub enter: Vec<Uuid>,
    /// Held, not due.
    pub leave: Vec<Uuid>,
}

/// Compares them.
///
/// # Errors
/// SCOPES_REQUIRED when the digest differs and the list is not there; PAYLOAD_TOO_LARGE for too long a list, and, with
/// reason `replica.scopes`, when more is due than one replica holds; BAD_REQUEST for a list that does not have the digest it comes with.
pub fn scope_change(held: &Held, due: &[Uuid]) -> Result<ScopeChange, ApiError> {
    if due.len() > limits::SCOPES {
        return Err(ApiError::too_large("What one replica holds", limits::SCOPES, "scopes")
            .with_details(json!({ "reason": "replica.scopes" })));
    }
    let Some(ids) = &held.ids else {
        return match held.digest.as_str() {
            digest if digest.is_empty() || digest == scopes_digest([]) => {
                Ok(ScopeChange { enter: due.to_vec(), leave: Vec::new() })
            }
            digest if digest == scopes_digest(due.iter().copied()) => Ok(ScopeChange::default()),
            _ => Err(ApiError::new(ErrorCode::ScopesRequired, "Send the ids of all scopes held; they have changed.")),
        };
    };
    if ids.len() > limits::SCOPES {
        return Err(ApiError::too_large("held.ids", limits::SCOPES, "scopes"));
    }
    if !held.digest.is_empty() && held.digest != scopes_digest(ids.iter().copied()) {
        return Err(ApiError::bad_request("held.digest is not the digest of held.ids."));
    }
    let (held, due): (BTreeSet<Uuid>, BTreeSet<Uuid>) = (ids.iter().copied().collect(), due.iter().copied().collect());
    Ok(ScopeChange { enter: due.difference(&held).copied().collect(), leave: held.difference(&due).copied().collect() })
}

/// What to send in full: every table and scope whose rows differ from what the request says the replica holds, and
/// about how many rows that is. `totals` are those of `scopes`.
pub fn fill(registry: &Registry, request: &PullRequest, scopes: &[Uuid], totals: &[Total]) -> (Vec<TableFill>, u64) {
    let mut wanted: Vec<BTreeSet<Uuid>> = vec![BTreeSet::new(); registry.tables.len()];
    let stated = |table: usize, scope: &Uuid| {
        let scopes = request.checksums.get(registry.tables[table].name)?;
        scopes.get(scope).copied()
    };
    let mut rows = 0;
    for total in totals {
        if stated(total.table, &total.scope).unwrap_or_default() != total.checksum {
            wanted[total.table].insert(total.scope);
            rows += total.checksum.count;
        }
    }
    // What the replica has rows of and the server none.
    let present: BTreeSet<(usize, Uuid)> = totals.iter().map(|total| (total.table, total.scope)).collect();
    for (position, table) in registry.tables.iter().enumerate() {
        for (scope, checksum) in request.checksums.get(table.name).into_iter().flatten() {
            let due = scopes.binary_search(scope).is_ok();
            if due && *checksum != Checksum::default() && !present.contains(&(position, *scope)) {
                wanted[position].insert(*scope);
            }
        }
    }
    let fills = registry.tables.iter().zip(wanted).filter(|(_, scopes)| !scopes.is_empty());
    let fills = fills.map(|(table, scopes)| {
        let (table, scopes) = (table.name.to_owned(), scopes.into_iter().collect());
        TableFill { table, scopes, ranges: BTreeMap::new() }
    });
    (fills.collect(), rows)
}

/// The ranges in which what the phone states and what the server has differ; none if that cannot be told, or it is so much
/// that the scope is better sent whole.
pub fn narrow(stated: &[Checksum], here: &[Checksum; RANGES]) -> Option<Vec<u8>> {
    if stated.len() != RANGES {
        return None;
    }
    let differing = (0..=u8::MAX).zip(stated.iter().zip(here)).filter(|(_, (stated, here))| stated != here);
    let differing: Vec<u8> = differing.map(|(range, _)| range).collect();
    (differing.len() <= RANGES / 2).then_some(differing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ranges_that_differ_are_sent() {
        let here: [Checksum; RANGES] = std::array::from_fn(|range| Checksum { count: 1, sum: range as u64 });
        let mut stated = here.to_vec();
        assert_eq!(narrow(&stated, &here), Some(vec![]));
        stated[0].sum = 9;
        stated[255].count = 0;
        assert_eq!(narrow(&stated, &here), Some(vec![0, 255]));
        assert_eq!(narrow(&stated[1..], &here), None, "not what was asked for");
        assert_eq!(narrow(&[Checksum::default(); RANGES], &here), None, "better whole");
    }
}
