//! What the writer keeps in memory of the file.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use satchel_protocol::{Permissions, Registry, RowKey, ShapeError, wire::Wipe};
use uuid::Uuid;

use super::{Identity, Progress, QueueSummary, Readiness};
use crate::{
    db::{MetaName, Tx},
    error::StoreError,
    queue::Queue,
    replica::{Asked, Pass},
};

/// Equal to what the last commit left on disk, but for what was asked; read anew after a failed transaction.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) registry: &'static Registry,
    pub(crate) identity: Identity,
    pub(crate) device_id: Uuid,
    pub(crate) queue: Queue,
    /// Rows with a base image, and its number.
    pub(crate) based: HashMap<RowKey, i64>,
    /// Scopes held in full.
    pub(crate) held: Arc<BTreeSet<Uuid>>,
    pub(crate) cursor: Option<String>,
    /// A manifest matched since the cursor was last forgotten.
    pub(crate) verified: bool,
    /// A manifest matched once.
    pub(crate) ever_ready: bool,
    /// The next wire number.
    pub(crate) next_seq: u64,
    /// The highest `last_seq` a delta has stated.
    pub(crate) contained_seq: u64,
    /// What was asked for.
    pub(crate) asked: Asked,
    /// The place in the queue up to which mutations were ever handed out to be sent, whatever their number now.
    pub(crate) sent_through: i64,
    pub(crate) pass: Option<Pass>,
    /// What the user may call, once the server has told.
    pub(crate) permissions: Option<Arc<Permissions>>,
    /// The replica was found to differ from a manifest, and none has matched since.
    pub(crate) diverged: bool,
    /// How often that was found.
    pub(crate) divergences: u64,
    /// The office asks for this replica to be cleared.
    pub(crate) wipe: Option<Wipe>,
    /// The file is to be deleted: nothing may be entered any more.
    pub(crate) wiping: bool,
    /// What was handed to the office before clearing, by key; each once.
    pub(crate) handed_before_wipe: HashSet<Uuid>,
}

/// What can be told without waiting for the writer.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub(crate) identity: Identity,
    pub(crate) device_id: Uuid,
    pub(crate) summary: QueueSummary,
    pub(crate) readiness: Readiness,
    pub(crate) progress: Progress,
    pub(crate) held: Arc<BTreeSet<Uuid>>,
    pub(crate) permissions: Option<Arc<Permissions>>,
    pub(crate) wipe: Option<Wipe>,
    pub(crate) divergences: u64,
}

impl State {
    /// Reads a file that has an identity.
    pub(crate) fn load(tx: &Tx<'_>, registry: &'static Registry) -> Result<Self, StoreError> {
        let nobody = || StoreError::Stored(ShapeError::new("the replica's bookkeeping", "an identity"));
        let mut state = Self {
            registry,
            identity: tx.meta(MetaName::Identity)?.ok_or_else(nobody)?,
            device_id: tx.meta(MetaName::DeviceId)?.unwrap_or_default(),
            queue: Queue::load(tx, registry)?,
            based: tx.based()?.into_iter().collect(),
            held: Arc::new(tx.scopes()?.into_iter().collect()),
            cursor: tx.meta(MetaName::Cursor)?,
            verified: tx.meta::<bool>(MetaName::Verified)?.is_some(),
            ever_ready: tx.meta::<bool>(MetaName::EverReady)?.is_some(),
            next_seq: tx.meta(MetaName::NextSeq)?.unwrap_or(1),
            contained_seq: tx.meta(MetaName::ContainedSeq)?.unwrap_or(0),
            asked: Asked::default(),
            sent_through: tx.meta(MetaName::SentThrough)?.unwrap_or(0),
            pass: Pass::load(tx, registry)?,
            permissions: tx.meta(MetaName::Permissions)?.map(Arc::new),
            diverged: tx.meta::<bool>(MetaName::Diverged)?.is_some(),
            divergences: tx.meta(MetaName::Divergences)?.unwrap_or(0),
            wipe: tx.meta(MetaName::Wipe)?,
            wiping: tx.meta::<bool>(MetaName::Wiping)?.is_some(),
            handed_before_wipe: HashSet::new(),
        };
        state.adopt_roles();
        Ok(state)
    }

    /// Takes over the roles the server told last: they go with what the user may call, and a session is behind.
    pub(crate) fn adopt_roles(&mut self) {
        if let Some(told) = self.permissions.as_ref().filter(|told| !told.roles.is_empty()) {
            self.identity.roles.clone_from(&told.roles);
        }
    }

    /// Reads the queue anew, after it was changed on disk directly.
    pub(crate) fn reload_queue(&mut self, tx: &Tx<'_>) -> Result<(), StoreError> {
        self.queue = Queue::load(tx, self.registry)?;
        Ok(())
    }

    /// Whether screens may rely on the replica.
    pub(crate) fn readiness(&self) -> Readiness {
        match (self.ever_ready, self.verified) {
            (true, true) => Readiness::Ready,
            (true, false) => Readiness::Repairing,
            (false, _) if self.cursor.is_some() => Readiness::Checking,
            (false, _) if self.pass.is_some() || !self.held.is_empty() => Readiness::Filling,
            (false, _) => Readiness::Empty,
        }
    }

    pub(crate) fn publish(&self) -> Published {
        let progress =
            self.pass.as_ref().map(|pass| Progress { rows_done: pass.rows_done, rows_total: pass.rows_total });
        Published {
            identity: self.identity.clone(),
            device_id: self.device_id,
            summary: self.queue.summary(),
            readiness: self.readiness(),
            progress: progress.unwrap_or_default(),
            held: Arc::clone(&self.held),
            permissions: self.permissions.clone(),
            wipe: self.wipe,
            divergences: self.divergences,
        }
    }
}
