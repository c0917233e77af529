//! Telling an app what changed, after commit.
//!
//! Invariants: an observer is told nothing that is not committed; changes that pile up are merged into one; nothing is
//! held locked while an observer looks.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::Notify;
use uuid::Uuid;

use crate::store::{Changes, OBSERVED_IDS, RowSet};

/// A subscription; ends when dropped.
#[derive(Debug)]
pub struct Observation {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    tables: BTreeSet<&'static str>,
    changes: Mutex<Changes>,
    wake: Notify,
}

impl Observation {
    /// Waits for changes and takes them. Needs no particular runtime; safe to cancel.
    pub async fn changed(&self) -> Changes {
        loop {
            let woken = self.shared.wake.notified();
            if let Some(changes) = self.take() {
                return changes;
            }
            woken.await;
        }
    }

    /// Takes what changed since the last take, if anything did.
    pub fn take(&self) -> Option<Changes> {
        let mut changes = self.shared.changes.lock().unwrap_or_else(PoisonError::into_inner);
        (!changes.is_empty()).then(|| std::mem::take(&mut *changes))
    }
}

/// All subscriptions of a store.
#[derive(Debug, Default)]
pub(crate) struct Observers {
    list: Mutex<Vec<Weak<Shared>>>,
}

impl Observers {
    /// Adds one for `tables`, all when empty.
    pub(crate) fn add(&self, tables: impl IntoIterator<Item = &'static str>) -> Observation {
        let shared =
            Arc::new(Shared { tables: tables.into_iter().collect(), changes: Mutex::default(), wake: Notify::new() });
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        list.retain(|observer| observer.strong_count() > 0);
        list.push(Arc::downgrade(&shared));
        Observation { shared }
    }

    /// Whether anybody listens; if not, collecting changes is needless.
    pub(crate) fn any(&self) -> bool {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|observer| observer.strong_count() > 0)
    }

    /// Tells everybody.
    pub(crate) fn tell(&self, news: &Changes) {
        if news.is_empty() {
            return;
        }
        let list = self.list.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for observer in list.iter().filter_map(Weak::upgrade) {
            let mut changes = observer.changes.lock().unwrap_or_else(PoisonError::into_inner);
            for (table, rows) in &news.tables {
                if observer.tables.is_empty() || observer.tables.contains(table) {
                    changes.tables.entry(table).or_default().merge(rows);
                }
            }
            changes.queue |= news.queue;
            changes.status |= news.status;
            changes.permissions |= news.permissions;
            if !changes.is_empty() {
                observer.wake.notify_one();
            }
        }
    }
}

impl Default for RowSet {
    fn default() -> Self {
        Self::Ids(BTreeSet::new())
    }
}

impl RowSet {
    /// Adds a row.
    pub(crate) fn add(&mut self, id: Uuid) {
        if let Self::Ids(ids) = self {
            if ids.len() < OBSERVED_IDS {
                ids.insert(id);
            } else if !ids.contains(&id) {
                *self = Self::Many;
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        match other {
            Self::Many => *self = Self::Many,
            Self::Ids(ids) => ids.iter().for_each(|id| self.add(*id)),
        }
    }
}

/// Changes of a transaction under way, told after its commit.
#[derive(Debug)]
pub(crate) struct Collected {
    // Without observers rows need not be collected.
    rows_wanted: bool,
    changes: Changes,
}

impl Collected {
    pub(crate) fn new(rows_wanted: bool) -> Self {
        Self { rows_wanted, changes: Changes::default() }
    }

    /// A row of the replica changed.
    pub(crate) fn row(&mut self, table: &'static str, id: Uuid) {
        if self.rows_wanted {
            self.changes.tables.entry(table).or_default().add(id);
        }
    }

    /// The queue changed.
    pub(crate) fn queue(&mut self) {
        self.changes.queue = true;
    }

    /// Readiness, progress or held scopes changed.
    pub(crate) fn status(&mut self) {
        self.changes.status = true;
    }

    /// The server told what the user may call.
    pub(crate) fn permissions(&mut self) {
        self.changes.permissions = true;
    }

    pub(crate) fn into_changes(self) -> Changes {
        self.changes
    }
}
