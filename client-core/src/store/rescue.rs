//! Unsent work out of this file and into another: bundles, and what a damaged file still gives.
//!
//! Invariants:
//! - Nothing leaves the queue here: what is exported stays until it has its verdict (P1).
//! - Work is taken in under its own keys, so that the server applies it once, whoever else sends it too (P2); what this
//!   file has or had already is not taken in again.
//! - A damaged file is kept aside, never changed or deleted.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use satchel_protocol::Registry;
use satchel_rescue::{Bundle, FORMAT, Key, Lock, RescuedMutation};

use super::{Identity, Store, StoreOptions};
use crate::{
    db::{Durability, Salvage},
    error::StoreError,
    queue::{
        Decision,
        enqueue::{self, New, OnRefusal},
    },
};

/// Mutations taken in by one transaction; a local write waits for one at most (P9).
const TAKEN_PER_TRANSACTION: usize = 100;

/// What taking work in came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Mutations that are in the queue now.
    pub added: usize,
    /// Mutations this file has in its queue, or has seen decided.
    pub known: usize,
}

/// What a damaged file still gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salvaged {
    /// Mutations that are in the fresh file's queue now.
    pub mutations: usize,
    /// Whether that is all of the damaged file's queue: it could be read from end to end.
    pub complete: bool,
    /// Where the damaged file is kept.
    pub kept_at: PathBuf,
}

impl Store {
    /// The work the server has not decided on, and what it refused, as an encrypted file. Nothing changes here.
    pub fn export_rescue(&self, lock: &Lock, made_at: Timestamp) -> Result<Vec<u8>, StoreError> {
        let bundle = self.shared.write(Durability::Process, |tx, state, _| {
            let unsettled = state.queue.iter().filter(|entry| entry.decision != Some(Decision::Accepted));
            let mutations = unsettled.map(|entry| {
                let content = tx.content(entry.order)?;
                let (key, name) = (entry.key, entry.name.clone());
                Ok(RescuedMutation {
                    key,
                    name,
                    args: content.args,
                    context: content.context,
                    retry_of: entry.retry_of,
                })
            });
            Ok(Bundle {
                format: FORMAT,
                org_id: state.identity.org_id,
                user_id: state.identity.user_id,
                device_id: state.device_id,
                made_at,
                mutations: mutations.collect::<Result<_, StoreError>>()?,
            })
        })?;
        Ok(satchel_rescue::seal(&bundle, lock)?)
    }

    /// Queues what a bundle of the same user and organization holds, in its order, after what is queued here. Taking
    /// the same bundle in again adds nothing.
    pub fn import_rescue(&self, sealed: &[u8], key: &Key) -> Result<TakenIn, StoreError> {
        let bundle = satchel_rescue::open(sealed, key)?;
        let own = self.identity();
        if (bundle.org_id, bundle.user_id) != (own.org_id, own.user_id) {
            return Err(StoreError::OtherAuthor);
        }
        self.take_in(&bundle.mutations)
    }

    /// Makes a fresh replica in place of a damaged one: the damaged file is kept aside, the unsent work that can still be
    /// read is queued in the fresh one under its own keys, and the rows are to be received again. Broken off anywhere,
    /// the next [`open`](Self::open) finds the damaged file or the fresh one, whole.
    pub fn salvage(
        path: &Path,
        registry: &'static Registry,
        identity: &Identity,
        options: StoreOptions,
    ) -> Result<(Self, Salvaged), StoreError> {
        let salvage = Salvage::begin(path, options.key.clone())?;
        let found = salvage.found();
        let strange = |owner: &Identity| (owner.org_id, owner.user_id) != (identity.org_id, identity.user_id);
        if found.owner.as_ref().is_some_and(strange) {
            salvage.abandon()?;
            return Err(StoreError::OtherIdentity);
        }
        let fresh = Self::open(&salvage.part(), registry, identity, options.clone())?;
        let taken = fresh.take_in(&found.mutations)?;
        fresh.checkpoint()?;
        // Its last handle closes the file.
        drop(fresh);
        let kept_at = salvage.finish()?;
        let store = Self::open(path, registry, identity, options)?;
        Ok((store, Salvaged { mutations: taken.added, complete: found.complete, kept_at }))
    }

    fn take_in(&self, mutations: &[RescuedMutation]) -> Result<TakenIn, StoreError> {
        let registry = self.shared.registry();
        // All or nothing, as far as this build can tell beforehand.
        if let Some(stranger) = mutations.iter().find(|mutation| registry.mutation(&mutation.name).is_none()) {
            return Err(StoreError::UnknownMutation { name: stranger.name.clone() });
        }
        let mut taken = TakenIn::default();
        for some in mutations.chunks(TAKEN_PER_TRANSACTION) {
            let (added, known) = self.shared.write(Durability::Power, |tx, state, collected| {
                let decided: HashSet<_> = tx.history_keys()?;
                let mut added = 0;
                for mutation in some {
                    if decided.contains(&mutation.key) || state.queue.by_key(mutation.key).is_some() {
                        continue;
                    }
                    let name = || StoreError::UnknownMutation { name: mutation.name.clone() };
                    let kind = registry.mutation(&mutation.name).ok_or_else(name)?;
                    let new = New {
                        key: mutation.key,
                        kind,
                        args: &mutation.args,
                        context: &mutation.context,
                        retry_of: mutation.retry_of,
                    };
                    enqueue::enqueue(tx, state, &new, OnRefusal::Queue, collected)?;
                    added += 1;
                }
                Ok((added, some.len() - added))
            })?;
            taken.added += added;
            taken.known += known;
        }
        Ok(taken)
    }
}
