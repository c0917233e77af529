//! Running one rule on the replica, answering its needs inline.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use satchel_protocol::{
    AnyMutation, Cell, Ctx, ErrorCode, Load, Registry, Rejection, Row, RowKey, ShapeError, Stop, Workspace,
    limits::INDEX_ROWS,
    workspace::{Dirty, Footprint, IndexRead, Run},
};
use uuid::Uuid;

use crate::{
    db::{CellRef, Tx},
    error::StoreError,
    queue::Queue,
    store::State,
};

/// Most loads one rule may ask for, one after the other.
const RUN_LOADS: usize = 10_000;

/// What rules read: the replica, with some rows put back to their base image.
pub(crate) struct Source<'a> {
    tx: &'a Tx<'a>,
    registry: &'static Registry,
    based: &'a HashMap<RowKey, i64>,
    restored: HashMap<RowKey, Option<Row>>,
    // Restored rows by the index keys they answer to.
    by_index: HashMap<(&'static str, Vec<Cell>), Vec<Uuid>>,
}

impl<'a> Source<'a> {
    /// The replica as it is shown.
    pub(crate) fn new(tx: &'a Tx<'a>, state: &'a State) -> Self {
        Self { tx, registry: state.registry, based: &state.based, restored: HashMap::new(), by_index: HashMap::new() }
    }

    /// Puts a row back to its base image, if it has one; adds the mutations whose index reads that image belongs to.
    pub(super) fn restore(
        &mut self,
        key: RowKey,
        queue: &Queue,
        affected: &mut BTreeSet<i64>,
    ) -> Result<(), StoreError> {
        let Some(number) = self.based.get(&key).filter(|_| !self.restored.contains_key(&key)) else {
            return Ok(());
        };
        let image = self.tx.base(key, *number)?;
        if let (Some(row), Some(table)) = (&image, self.registry.table(key.table)) {
            let cells: Vec<_> = row.iter().map(CellRef::from).collect();
            queue.reading(table, &cells, affected);
            for index in table.indexes {
                let positions = index.columns.iter().map(|column| table.position(column));
                let index_key = positions.map(|at| at.and_then(|at| row.get(at)).cloned().unwrap_or(Cell::Null));
                self.by_index.entry((index.name, index_key.collect())).or_default().push(key.id);
            }
        }
        self.restored.insert(key, image);
        Ok(())
    }

    /// The restored rows with their base images.
    pub(super) fn into_restored(self) -> HashMap<RowKey, Option<Row>> {
        self.restored
    }

    fn row(&self, key: RowKey) -> Result<Option<Row>, StoreError> {
        match self.restored.get(&key) {
            Some(image) => Ok(image.clone()),
            None => self.tx.row(key),
        }
    }

    /// Loads what a rule needs; a refusal when it asks for too much.
    fn supply(&self, work: &mut Workspace, load: Load) -> Result<Result<(), Rejection>, StoreError> {
        match load {
            Load::Row(key) => work.load_row(key, self.row(key)?),
            Load::Index(read) => {
                let unknown = || StoreError::Stored(ShapeError::new(read.index, "an index of the registry"));
                let index = self.registry.index(read.index).ok_or_else(unknown)?;
                let table = self.registry.table(index.table).ok_or_else(unknown)?;
                let mut rows = self.tx.index(index, &read)?;
                if rows.len() > INDEX_ROWS {
                    return Ok(Err(too_many(&read)));
                }
                if !self.restored.is_empty() {
                    let key = |id| RowKey { table: table.name, id };
                    let is_restored = |id: Uuid| self.restored.contains_key(&key(id));
                    rows.retain(|row| !row.first().and_then(Cell::as_uuid).is_some_and(is_restored));
                    let ids = self.by_index.get(&(index.name, read.key.clone()));
                    let images = ids.into_iter().flatten().filter_map(|id| self.restored.get(&key(*id))?.as_ref());
                    rows.extend(images.filter(|row| read.matches(index, table, row)).cloned());
                }
                work.load_index(read, table, rows);
            }
        }
        Ok(Ok(()))
    }
}

/// Runs rules one after the other, each seeing what those before it wrote.
pub(crate) struct Runner<'s, 'a> {
    source: &'s Source<'a>,
    work: Workspace,
    settled: BTreeMap<RowKey, Dirty>,
}

impl<'s, 'a> Runner<'s, 'a> {
    /// Nothing written yet.
    pub(crate) fn new(source: &'s Source<'a>) -> Self {
        Self { source, work: Workspace::new(), settled: BTreeMap::new() }
    }

    /// Loads what a rule read before: it will most likely read it again, and then need not stop for it.
    pub(super) fn preload(&mut self, before: &Footprint) -> Result<(), StoreError> {
        // Index reads first: they bring their rows along.
        for load in before.reads.iter().rev() {
            if !self.work.is_loaded(load) {
                // A refusal is for the run to find out.
                let _ = self.source.supply(&mut self.work, load.clone())?;
            }
        }
        Ok(())
    }

    /// Runs one rule. [`StoreError::Stored`] when it cannot make sense of stored rows.
    pub(crate) fn run(&mut self, mutation: &dyn AnyMutation, ctx: &Ctx) -> Result<Run, StoreError> {
        for _ in 0..RUN_LOADS {
            let refusal = match self.work.run(mutation, ctx) {
                Ok(run) if self.inserts_taken(&run)? => {
                    self.work.restore(self.settled.clone());
                    continue;
                }
                Ok(run) => {
                    self.settle(&run);
                    return Ok(run);
                }
                Err(Stop::Need(load)) => self.source.supply(&mut self.work, load)?.err(),
                Err(Stop::Shape(error)) => return Err(StoreError::Stored(error)),
                Err(Stop::Reject(rejection)) => Some(rejection),
            };
            if let Some(rejection) = refusal {
                return Ok(Run { result: Err(rejection), footprint: Footprint::default(), flags: BTreeSet::new() });
            }
        }
        let message = "This needs more data than a phone reads at once.";
        let rejection = Rejection::new(ErrorCode::PayloadTooLarge, "phone.too_many_reads", message);
        Ok(Run { result: Err(rejection), footprint: Footprint::default(), flags: BTreeSet::new() })
    }

    /// The row as the store had it, if a rule has read it.
    pub(crate) fn loaded(&self, key: &RowKey) -> Option<&Option<Row>> {
        self.work.loaded(key)
    }

    /// What the rules wrote.
    pub(crate) fn written(&self) -> &BTreeMap<RowKey, Dirty> {
        &self.settled
    }

    /// Whether the run inserted a row whose id the store already has. The store is asked only now, because an insert
    /// does not wait for its row to be loaded.
    fn inserts_taken(&mut self, run: &Run) -> Result<bool, StoreError> {
        let mut taken = false;
        for key in &run.footprint.writes {
            let inserted = self.work.dirty().get(key).is_some_and(|dirty| dirty.inserted);
            if inserted && self.work.loaded(key).is_none() {
                let row = self.source.row(*key)?;
                taken |= row.is_some();
                self.work.load_row(*key, row);
            }
        }
        Ok(taken)
    }

    fn settle(&mut self, run: &Run) {
        for key in &run.footprint.writes {
            if let Some(dirty) = self.work.dirty().get(key) {
                self.settled.insert(*key, dirty.clone());
            }
        }
    }
}

/// Said of a mutation that this build cannot run on the rows it has.
pub(super) fn cannot_run() -> Rejection {
    let message = "This app cannot show the effect of this change; the server will decide on it.";
    Rejection::new(ErrorCode::InternalServerError, "phone.cannot_run", message)
}

/// What a mutation touched, as reads: it is tried again when any of it changes.
pub(super) fn as_reads(before: &Footprint) -> Footprint {
    let mut reads = before.reads.clone();
    reads.extend(before.writes.iter().copied().map(Load::Row));
    Footprint { reads, writes: BTreeSet::new() }
}

fn too_many(read: &IndexRead) -> Rejection {
    let message = format!("There is more than a phone reads at once ({}, {INDEX_ROWS} rows).", read.index);
    Rejection::new(ErrorCode::PayloadTooLarge, "phone.too_many_rows", message)
}
