//! The local store: replica, queue and their bookkeeping in one SQLite file.
//!
//! Invariants:
//! - What a call reports as done is durable before it returns (P1): a mutation and its wire number survive power loss;
//!   what the server sent survives a crash of the process, and is asked for again after power loss.
//! - A mutation leaves the queue only by its key, in the transaction that stores its verdict.
//! - Replica tables hold server rows with the effects of all undecided mutations on top, at every commit.
//! - One writer at a time, first come first served; downloads write in small transactions, so that a local write waits
//!   for one of them at most (P9). Readers never wait.
//!
//! Calls block: run them off an async executor.

mod types;

use std::{path::Path, sync::Arc};

use satchel_protocol::{
    Registry, Table,
    context::ClientContext,
    wire::{PullRequest, PushResponse, PushedMutation},
};
use serde_json::value::RawValue;
use uuid::Uuid;

pub use types::{
    Applied, Attention, Changes, Difference, Identity, Mutated, Progress, Pushed, QueueEntry, QueueState, QueueSummary,
    Readiness, RowSet, StoreOptions,
};

use crate::{error::StoreError, observe::Observation, reader::Reader};

/// Ids of one table an observer is told one by one.
pub const OBSERVED_IDS: usize = 4_096;

/// See the module. Cheap to clone; the file closes with the last clone.
#[derive(Clone, Debug)]
pub struct Store {}

impl Store {
    /// Opens the file of this user in this organization, making or upgrading it as needed.
    ///
    /// Roles and technician are taken over from `identity`; another organization or user is
    /// [`StoreError::OtherIdentity`].
    pub fn open(
        path: &Path,
        registry: &'static Registry,
        identity: &Identity,
        options: StoreOptions,
    ) -> Result<Self, StoreError> {
        todo!()
    }

    /// Whose replica this is.
    pub fn identity(&self) -> Identity {
        todo!()
    }

    /// Takes over roles and technician after a sign-in or refresh; another organization or user is an error.
    pub fn set_identity(&self, identity: &Identity) -> Result<(), StoreError> {
        todo!()
    }

    /// This phone's id, made when the file was made.
    pub fn device_id(&self) -> Uuid {
        todo!()
    }

    /// Runs a mutation on the replica and queues it: effects and queue entry are durable, together, on return.
    ///
    /// A rule the phone can decide and refuses gives [`Mutated::Refused`] and queues nothing.
    pub fn mutate(&self, name: &str, args: Box<RawValue>, context: &ClientContext) -> Result<Mutated, StoreError> {
        todo!()
    }

    /// The first undecided mutations in order, at most `max_mutations` and (beyond the first) `max_bytes` of arguments
    /// and contexts. Gives those not yet sent their wire numbers, durably. Until their verdicts arrive, a repeat gives
    /// the same mutations with the same numbers.
    pub fn next_batch(&self, max_mutations: usize, max_bytes: usize) -> Result<Vec<PushedMutation>, StoreError> {
        todo!()
    }

    /// Stores verdicts. Accepted mutations wait for their delta; refused ones lose their effects and go to the
    /// attention list. Verdicts on unknown keys are ignored.
    pub fn apply_push(&self, response: &PushResponse) -> Result<Pushed, StoreError> {
        todo!()
    }

    /// Goes on at the number the server expects, after `SEQUENCE_GAP`.
    ///
    /// A lower number than acknowledged means the server was restored: acknowledged mutations from there on go into
    /// the queue again under their old keys and numbers, as far as this phone still has them; otherwise the undecided
    /// ones are numbered anew from `expected_seq`. A higher one than assigned means a clone: `cloned` is set and
    /// nothing changed.
    pub fn renumber_from(&self, expected_seq: u64) -> Result<Pushed, StoreError> {
        todo!()
    }

    /// Becomes another phone to the server: new device id, numbers start anew, keys and queue stay.
    pub fn renew_device_id(&self) -> Result<Uuid, StoreError> {
        todo!()
    }

    /// What to ask for next: goes on with a broken pass, else from the cursor, else fills by checksums. Asks for a
    /// manifest until one has matched.
    pub fn pull_request(&self) -> Result<PullRequest, StoreError> {
        todo!()
    }

    /// The same with the full list of held scopes, after `SCOPES_REQUIRED`.
    pub fn pull_request_with_ids(&self) -> Result<PullRequest, StoreError> {
        todo!()
    }

    /// Drops cursor and broken pass, after `CURSOR_STALE`: the next pull compares checksums. Rows and queue stay.
    pub fn forget_cursor(&self) -> Result<(), StoreError> {
        todo!()
    }

    /// Drops the pass under way, if any, so that the next pull starts a new one. A stream calls this never; it is for a
    /// pass that was received in part and whose `resume` the server no longer takes.
    pub fn forget_pass(&self) -> Result<(), StoreError> {
        todo!()
    }

    /// Applies one page: the JSON of a [`DeltaPage`](satchel_protocol::wire::DeltaPage) as it came. Pages of a pass
    /// must come in order; a page that repeats is harmless.
    pub fn apply_page(&self, page_json: &str) -> Result<Applied, StoreError> {
        todo!()
    }

    /// Mutations the server did not take, oldest first.
    pub fn attention(&self) -> Result<Vec<Attention>, StoreError> {
        todo!()
    }

    /// Queues a refused mutation again with the same content, under a new key, which is returned. It is queued even if
    /// the rule says no here: the server decides.
    pub fn retry(&self, key: Uuid) -> Result<Uuid, StoreError> {
        todo!()
    }

    /// Takes a refused mutation off the attention list, or an unsent one out of the queue with its effects.
    pub fn undo(&self, key: Uuid) -> Result<(), StoreError> {
        todo!()
    }

    /// Counts of the queue. Never waits for a writer.
    pub fn queue_summary(&self) -> QueueSummary {
        todo!()
    }

    /// The whole queue, in order.
    pub fn queue(&self) -> Result<Vec<QueueEntry>, StoreError> {
        todo!()
    }

    /// Whether screens may rely on the replica. Never waits for a writer.
    pub fn readiness(&self) -> Readiness {
        todo!()
    }

    /// How far the pass under way is. Never waits for a writer.
    pub fn progress(&self) -> Progress {
        todo!()
    }

    /// The scopes held in full. Never waits for a writer.
    pub fn held_scopes(&self) -> Vec<Uuid> {
        todo!()
    }

    /// A connection for queries. Keep it; each one is a connection of its own.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        todo!()
    }

    /// Tells of changes to these tables (all when empty), of the queue and of the status, after commit and coalesced.
    pub fn observe(&self, tables: &[&'static Table]) -> Observation {
        todo!()
    }

    /// Recomputes every checksum from the rows; what is returned differs from the checksums kept. Empty is good.
    pub fn verify_local(&self) -> Result<Vec<Difference>, StoreError> {
        todo!()
    }

    /// Moves the write-ahead log into the file and shortens it; for idle moments and before the app is suspended.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        todo!()
    }
}
