//! What the store takes and tells.

use std::collections::{BTreeMap, BTreeSet};

use satchel_protocol::{
    Ctx, Rejection,
    context::ClientContext,
    wire::{Outcome, Settlement},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::db::key::FileKey;

/// Whose replica a file is. `org_id` and `user_id` never change in a file; the rest follows the last sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The organization.
    pub org_id: Uuid,
    /// The user.
    pub user_id: Uuid,
    /// The user's technician row, if the user is one.
    pub technician_id: Option<Uuid>,
    /// The user's roles in the organization: those the server told last with a pull, and until then the session's.
    pub roles: Vec<String>,
}

/// How to open a file.
#[derive(Clone, Debug, Default)]
pub struct StoreOptions {
    /// Most bytes the file may grow to; beyond it writes fail with [`StoreError::DiskFull`](crate::StoreError).
    pub max_file_bytes: Option<u64>,
    /// A number that the app keeps where no backup reaches. A file that remembers another one was restored onto this
    /// device or copied, and gets a new device id.
    pub install_nonce: Option<Uuid>,
    /// Encrypts the file, which then opens with this key alone; needs the feature `encrypted`. A file keeps what it was made
    /// with: one made without a key opens without one.
    pub key: Option<FileKey>,
}

/// What became of a local mutation.
#[derive(Clone, Debug, PartialEq)]
pub enum Mutated {
    /// Durable in the queue, its effects visible.
    Queued {
        /// Its idempotency key.
        key: Uuid,
        /// What the rule returned; none for a rule that only the server runs.
        output: Option<serde_json::Value>,
    },
    /// The policy forbids it to this user, or the rule says no on the data held here. Nothing was queued or changed.
    Refused(Rejection),
}

/// What a push response changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pushed {
    /// Mutations that got their verdict by this response.
    pub settled: usize,
    /// Those of them that need attention.
    pub rejected: Vec<Uuid>,
    /// Acknowledged mutations that are in the queue again, because the server was restored.
    pub refed: usize,
    /// Held mutations that wait for nothing any more: there is more to send.
    pub released: usize,
    /// The server knows seqs this phone never assigned: call [`renew_device_id`](super::Store::renew_device_id).
    pub cloned: bool,
}

/// What a page changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// Last page of its pass: the replica stands at a new cursor. Otherwise ask with `pull_request()` for the next
    /// page (a stream sends it by itself).
    pub complete: bool,
    /// The page goes on from where this replica does not stand: nothing of it was taken. Pull again, from where it stands.
    pub gap: bool,
    /// Rows put or removed.
    pub rows: usize,
    /// Where the replica stands now.
    pub readiness: Readiness,
    /// Whether that differs from before the page.
    pub readiness_changed: bool,
    /// The manifest differed from the replica: the cursor was forgotten, the next pull repairs.
    pub mismatch: bool,
    /// Mutations that got their verdict by this page.
    pub settled: usize,
    /// Those of them that need attention.
    pub rejected: Vec<Uuid>,
    /// The server states a lower `last_seq` than it did before (it was restored): so many acknowledged mutations are in
    /// the queue again, under their old keys and seqs.
    pub refed: usize,
    /// Held mutations that wait for nothing any more: there is more to send.
    pub released: usize,
    /// Another phone uses this device id: call [`renew_device_id`](super::Store::renew_device_id), then pull again.
    pub cloned: bool,
}

/// Whether screens may rely on the replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Readiness {
    /// Nothing was ever received.
    Empty,
    /// The first fill is under way; some rows are missing.
    Filling,
    /// Filled; no manifest has confirmed it yet.
    Checking,
    /// Confirmed by a manifest.
    Ready,
    /// Was ready; the server asked to compare again, or an upgrade added columns. Usable meanwhile.
    Repairing,
}

impl Readiness {
    /// Whether screens may rely on what is there.
    pub fn usable(self) -> bool {
        matches!(self, Self::Ready | Self::Repairing)
    }
}

/// How far the pass under way is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Rows received in this pass.
    pub rows_done: u64,
    /// About how many rows it has, where the server told.
    pub rows_total: Option<u64>,
}

/// Where a queued mutation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueState {
    /// Durable here, not sent.
    Pending,
    /// Has its wire number and may be at the server; no verdict yet.
    Sending,
    /// Accepted; its effects have not come back with a delta yet.
    Accepted,
    /// Refused by the server; needs attention.
    Rejected,
    /// Waits, unsent, for a refused mutation that it depends on: goes on once that one is sent again, taken back or
    /// settled by the office.
    Held {
        /// The one it depends on, refused or held itself.
        by: Uuid,
    },
}

/// A queued mutation.
#[derive(Clone, Debug)]
pub struct QueueEntry {
    /// Position in this phone's order.
    pub local_order: i64,
    /// The idempotency key.
    pub key: Uuid,
    /// The wire number, once assigned.
    pub seq: Option<u64>,
    /// The RPC path.
    pub name: String,
    /// The arguments, in the original bytes.
    pub args: Box<RawValue>,
    /// The circumstances, in the original bytes.
    pub context: Box<RawValue>,
    /// Where it stands.
    pub state: QueueState,
    /// Why the server may refuse it, by the rule's last run here. It is sent all the same.
    pub may_be_refused: Option<Rejection>,
    /// The refused mutation it was entered in place of.
    pub retry_of: Option<Uuid>,
    /// The server's rows held here contain its effects already; it is in the queue for its verdict only.
    pub contained: bool,
}

/// A mutation the server did not take.
#[derive(Clone, Debug)]
pub struct Attention {
    /// The mutation.
    pub entry: QueueEntry,
    /// Why: [`Outcome::Rejected`] or [`Outcome::Quarantined`].
    pub outcome: Outcome,
    /// The refused mutation it stood on, if it was refused because of it. A retry of that one sends this one after it.
    pub because_of: Option<Uuid>,
    /// Mutations that wait for this one, in order.
    pub holds: Vec<Uuid>,
    /// Whether it is in the office's inbox, or on its way there. What is decided there arrives by itself.
    pub with_office: bool,
}

/// A mutation that left the queue.
#[derive(Clone, Debug)]
pub struct Past {
    /// The idempotency key.
    pub key: Uuid,
    /// The RPC path.
    pub name: String,
    /// The arguments, in the original bytes.
    pub args: Box<RawValue>,
    /// The circumstances, in the original bytes.
    pub context: Box<RawValue>,
    /// What the server decided, or the office after it.
    pub outcome: Outcome,
    /// What the office decided, if it did.
    pub settlement: Option<Settlement>,
    /// The refused mutation it was entered in place of.
    pub retry_of: Option<Uuid>,
    /// The mutation that was entered in place of it.
    pub replaced_by: Option<Uuid>,
}

/// Counts of the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueSummary {
    /// Not sent.
    pub pending: usize,
    /// Sent, no verdict.
    pub sending: usize,
    /// Accepted, waiting for their delta.
    pub accepted: usize,
    /// Refused; need attention.
    pub rejected: usize,
    /// Unsent, waiting for a refused one.
    pub held: usize,
    /// Pending, sending or held ones whose rule, run again here, says no.
    pub may_be_refused: usize,
}

impl QueueSummary {
    /// Mutations that are on their way to the server, which has not decided on them.
    pub fn unsent(&self) -> usize {
        self.pending + self.sending
    }

    /// Mutations whose effects are at this phone alone: on their way, held, or refused.
    pub fn kept_here(&self) -> usize {
        self.unsent() + self.held + self.rejected
    }
}

/// Rows of one table that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowSet {
    /// These.
    Ids(BTreeSet<Uuid>),
    /// More than [`OBSERVED_IDS`](super::OBSERVED_IDS): query anew.
    Many,
}

/// What changed since an observer last asked: the net difference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Changed rows by table, put or removed.
    pub tables: BTreeMap<&'static str, RowSet>,
    /// Whether the queue or the attention list changed.
    pub queue: bool,
    /// Whether readiness, progress or held scopes changed.
    pub status: bool,
    /// Whether the server told anew what the user may call.
    pub permissions: bool,
}

impl Changes {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && !self.queue && !self.status && !self.permissions
    }
}

/// A table whose kept checksums differ from its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// The scope.
    pub scope: Uuid,
}

impl Identity {
    /// What a rule running on this phone knows besides rows.
    pub fn ctx(&self, key: Uuid, context: &ClientContext) -> Ctx {
        Ctx {
            org_id: self.org_id,
            user_id: self.user_id,
            technician_id: self.technician_id,
            roles: self.roles.clone(),
            key,
            occurred_at: context.occurred_at,
            device_clock: Some(context.device_clock),
            side: satchel_protocol::context::Side::Phone,
        }
    }
}
