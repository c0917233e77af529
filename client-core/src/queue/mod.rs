//! Mutations the server has not taken up yet, in memory and on disk.
//!
//! Invariants:
//! - Order is the order of entry on this phone; wire numbers rise with it, without gaps, from the first undecided one.
//! - A mutation is *shown* while its effects lie over the server's rows: not refused, and not contained in them yet.
//! - What memory says equals what the last commit left on disk; after a failed transaction it is read anew.
//! - What depends on a refused mutation is held back; nothing else waits for it (P3).
//!
//! [`Queue`] knows who reads and writes what; [`enqueue`] adds to it; [`wire`] numbers and sends; [`verdict`] takes
//! decisions in; [`holds`] keeps back what depends on a refused mutation; [`repair`] is what a person does about one;
//! [`wipe`] gets everything away before the file is deleted.

pub(crate) mod enqueue;
mod entry;
mod footprint;
pub(crate) mod holds;
pub(crate) mod repair;
pub(crate) mod verdict;
pub(crate) mod wipe;
pub(crate) mod wire;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use satchel_protocol::{
    Cell, Load, Registry, RowKey, Table,
    workspace::{Footprint, Range},
};
use uuid::Uuid;

pub(crate) use entry::{Decision, Entry, read_outcome};

use crate::{
    db::{CellRef, Tx},
    error::StoreError,
    store::{QueueState, QueueSummary, State},
};

/// Index reads by key: who made them, and of which range.
type ReadsByKey = HashMap<Vec<Cell>, Vec<(i64, Option<Range>)>>;

/// The queue with its indexes.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    entries: BTreeMap<i64, Entry>,
    by_key: HashMap<Uuid, i64>,
    // Shown mutations by the rows they touch: order, and whether it writes.
    touched: HashMap<RowKey, BTreeMap<i64, bool>>,
    // Shown mutations by the index reads they made, per index and key.
    index_reads: HashMap<&'static str, ReadsByKey>,
    shown: usize,
    // Those that depend on another one.
    dependent: BTreeSet<i64>,
    summary: QueueSummary,
    last_order: i64,
}

impl Queue {
    /// Reads it from disk.
    pub(crate) fn load(tx: &Tx<'_>, registry: &Registry) -> Result<Self, StoreError> {
        let mut queue = Self { last_order: tx.last_local_order()?, ..Self::default() };
        for stored in tx.queue_entries()? {
            queue.insert(Entry::read(stored, registry)?);
        }
        Ok(queue)
    }

    /// The position after all others.
    pub(crate) fn next_order(&self) -> i64 {
        self.last_order + 1
    }

    /// Adds an entry.
    pub(crate) fn insert(&mut self, entry: Entry) {
        self.last_order = self.last_order.max(entry.order);
        self.by_key.insert(entry.key, entry.order);
        self.enter(&entry);
        self.entries.insert(entry.order, entry);
    }

    /// Takes an entry out.
    pub(crate) fn remove(&mut self, order: i64) -> Option<Entry> {
        let entry = self.entries.remove(&order)?;
        self.by_key.remove(&entry.key);
        self.leave(&entry);
        Some(entry)
    }

    /// Changes an entry; indexes follow.
    pub(crate) fn change(&mut self, order: i64, change: impl FnOnce(&mut Entry)) {
        if let Some(mut entry) = self.entries.remove(&order) {
            self.leave(&entry);
            change(&mut entry);
            self.enter(&entry);
            self.entries.insert(order, entry);
        }
    }

    /// The entry at a position.
    pub(crate) fn get(&self, order: i64) -> Option<&Entry> {
        self.entries.get(&order)
    }

    /// The entry with a key.
    pub(crate) fn by_key(&self, key: Uuid) -> Option<&Entry> {
        self.entries.get(self.by_key.get(&key)?)
    }

    /// All entries, in order.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.values()
    }

    /// Those that depend, or once depended, on another one, by their order.
    pub(crate) fn dependent(&self) -> &BTreeSet<i64> {
        &self.dependent
    }

    /// Counts.
    pub(crate) fn summary(&self) -> QueueSummary {
        self.summary
    }

    /// Whether any mutation is shown; if not, the server's rows are what the user sees.
    pub(crate) fn any_shown(&self) -> bool {
        self.shown > 0
    }

    /// Shown mutations that touch a row: order, and whether it writes.
    pub(crate) fn touching(&self, key: &RowKey) -> impl Iterator<Item = (i64, bool)> {
        self.touched.get(key).into_iter().flatten().map(|(order, writes)| (*order, *writes))
    }

    /// Whether a shown mutation writes this row.
    pub(crate) fn is_written(&self, key: &RowKey) -> bool {
        self.touching(key).any(|(_, writes)| writes)
    }

    /// Adds to `orders` the shown mutations with an index read that this image belongs to.
    pub(crate) fn reading(&self, table: &Table, row: &[CellRef<'_>], orders: &mut BTreeSet<i64>) {
        for index in table.indexes {
            let Some(reads) = self.index_reads.get(index.name) else {
                continue;
            };
            let cell = |column: &str| table.position(column).and_then(|position| row.get(position));
            let key: Option<Vec<Cell>> =
                index.columns.iter().map(|column| cell(column).map(CellRef::to_cell)).collect();
            let Some(found) = key.and_then(|key| reads.get(&key)) else {
                continue;
            };
            let value = index.range.and_then(cell).map(CellRef::to_cell);
            orders.extend(
                found.iter().filter(|(_, range)| inside(range.as_ref(), value.as_ref())).map(|(order, _)| order),
            );
        }
    }

    fn enter(&mut self, entry: &Entry) {
        count(&mut self.summary, entry, |number| *number += 1);
        if entry.because_of.is_some() || entry.held {
            self.dependent.insert(entry.order);
        }
        if !entry.is_shown() {
            return;
        }
        self.shown += 1;
        let Footprint { reads, writes } = &entry.footprint;
        for read in reads {
            match read {
                Load::Row(key) => {
                    self.touched.entry(*key).or_default().entry(entry.order).or_insert(false);
                }
                Load::Index(read) => {
                    let keys = self.index_reads.entry(read.index).or_default();
                    keys.entry(read.key.clone()).or_default().push((entry.order, read.range.clone()));
                }
            }
        }
        for key in writes {
            self.touched.entry(*key).or_default().insert(entry.order, true);
        }
    }

    fn leave(&mut self, entry: &Entry) {
        count(&mut self.summary, entry, |number| *number -= 1);
        self.dependent.remove(&entry.order);
        if !entry.is_shown() {
            return;
        }
        self.shown -= 1;
        let Footprint { reads, writes } = &entry.footprint;
        let rows = reads.iter().filter_map(|read| match read {
            Load::Row(key) => Some(key),
            Load::Index(_) => None,
        });
        for key in rows.chain(writes) {
            if let Some(orders) = self.touched.get_mut(key) {
                orders.remove(&entry.order);
                if orders.is_empty() {
                    self.touched.remove(key);
                }
            }
        }
        for read in reads {
            if let Load::Index(read) = read
                && let Some(keys) = self.index_reads.get_mut(read.index)
                && let Some(orders) = keys.get_mut(&read.key)
            {
                orders.retain(|(order, _)| *order != entry.order);
                if orders.is_empty() {
                    keys.remove(&read.key);
                }
                if keys.is_empty() {
                    self.index_reads.remove(read.index);
                }
            }
        }
    }
}

/// Empties the queue, as no call ever may: only for [`Bug::ResetClearsQueue`](crate::simulation::Bug).
pub(crate) fn clear(tx: &Tx<'_>, state: &mut State) -> Result<(), StoreError> {
    let orders: Vec<_> = state.queue.iter().map(|entry| entry.order).collect();
    for order in orders {
        tx.dequeue(order, None)?;
        state.queue.remove(order);
    }
    Ok(())
}

fn inside(range: Option<&Range>, value: Option<&Cell>) -> bool {
    match (range, value) {
        (None, _) => true,
        (Some(range), Some(value)) => !value.is_null() && *value >= range.from && *value < range.until,
        (Some(_), None) => false,
    }
}

fn count(summary: &mut QueueSummary, entry: &Entry, step: impl Fn(&mut usize)) {
    match entry.state() {
        QueueState::Pending => step(&mut summary.pending),
        QueueState::Sending => step(&mut summary.sending),
        QueueState::Accepted => step(&mut summary.accepted),
        QueueState::Rejected => step(&mut summary.rejected),
        QueueState::Held { .. } => step(&mut summary.held),
    }
    if entry.decision.is_none() && entry.refusal.is_some() {
        step(&mut summary.may_be_refused);
    }
}
