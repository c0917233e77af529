//! The rows a mutation works on, in memory.
//!
//! Invariants:
//! - A mutation sees loaded rows, overlaid by what earlier mutations of the same workspace wrote, overlaid by its own
//!   writes. Reading anything not loaded stops it with [`Stop::Need`]; it is run again once that is loaded.
//! - A mutation that is refused or stopped leaves no trace.
//! - An index read is complete: it reflects the overlays as well as what was loaded.
//! - Every run tells its footprint: what it read and wrote. Phones rebase by it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use crate::{AnyMutation, Cell, Ctx, Id, Index, Record, Rejection, Row, ShapeError, Table};

/// A row's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    /// The table's name.
    pub table: &'static str,
    /// The row's id.
    pub id: Uuid,
}

impl RowKey {
    /// The address of a typed row.
    pub fn of<R: Record>(id: Id<R>) -> Self {
        Self { table: R::TABLE.name, id: id.uuid() }
    }
}

/// A half-open interval of an index's range column: `from <= value < until`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    /// First value inside.
    pub from: Cell,
    /// First value outside.
    pub until: Cell,
}

/// A complete read by index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexRead {
    /// The index's name.
    pub index: &'static str,
    /// One cell per column of the index.
    pub key: Vec<Cell>,
    /// Only rows whose range column lies here.
    pub range: Option<Range>,
}

/// Data a mutation asked for that is not loaded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Load {
    /// A row by id.
    Row(RowKey),
    /// All rows of an index read.
    Index(IndexRead),
}

/// Why a mutation did not run to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A rule says no. The verdict.
    Reject(Rejection),
    /// Load this and run again.
    Need(Load),
    /// Stored data does not have the registry's shape: a fault, not a verdict.
    Shape(ShapeError),
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Self {
        Self::Reject(rejection)
    }
}

/// What a run read and wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// Rows and index reads, found or not; rows an index read found; rows whose absence an insert relies on.
    pub reads: BTreeSet<Load>,
    /// Rows put or deleted.
    pub writes: BTreeSet<RowKey>,
}

/// A run that ended.
#[derive(Clone, Debug)]
pub struct Run {
    /// The output, or the refusal.
    pub result: Result<serde_json::Value, Rejection>,
    /// What it touched; writes are empty when refused.
    pub footprint: Footprint,
    /// What the rule accepted and wants looked at, `aggregate.doubt`; empty when refused.
    pub flags: BTreeSet<&'static str>,
}

/// A row as mutations left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirty {
    /// The new image; `None` when deleted.
    pub image: Option<Row>,
    /// True when a mutation created it here, so that it must not exist in the store.
    pub inserted: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Workspace {
    loaded: HashMap<RowKey, Option<Row>>,
    index_reads: HashMap<IndexRead, BTreeSet<Uuid>>,
    dirty: BTreeMap<RowKey, Dirty>,
    current: BTreeMap<RowKey, Dirty>,
    // Rows ever written here, by the index keys their images had: an index read need not look at all dirty rows.
    written: HashMap<(&'static str, Vec<Cell>), BTreeSet<Uuid>>,
    reads: BTreeSet<Load>,
    flags: BTreeSet<&'static str>,
}

impl Workspace {
    /// An empty workspace.
    pub fn new() -> Self {
        Self::default()
    }

    /// Supplies a row as the store has it, or the fact that it has none.
    pub fn load_row(&mut self, key: RowKey, row: Option<Row>) {
        self.loaded.insert(key, row);
    }

    /// Supplies the complete answer to an index read.
    pub fn load_index(&mut self, read: IndexRead, table: &'static Table, rows: Vec<Row>) {
        let mut ids = BTreeSet::new();
        for row in rows {
            if let Some(id) = row.first().and_then(Cell::as_uuid) {
                ids.insert(id);
                self.loaded.entry(RowKey { table: table.name, id }).or_insert(Some(row));
            }
        }
        self.index_reads.insert(read, ids);
    }

    /// Whether this has been supplied.
    pub fn is_loaded(&self, load: &Load) -> bool {
        match load {
            Load::Row(key) => self.loaded.contains_key(key),
            Load::Index(read) => self.index_reads.contains_key(read),
        }
    }

    /// The row as the store had it, if supplied.
    pub fn loaded(&self, key: &RowKey) -> Option<&Option<Row>> {
        self.loaded.get(key)
    }

    /// Every row the finished mutations changed, in key order.
    pub fn dirty(&self) -> &BTreeMap<RowKey, Dirty> {
        &self.dirty
    }

    /// Goes back to what [`dirty`](Self::dirty) was once, keeping all that has been supplied since: a server runs ahead
    /// of a missing row only to learn what else is missing.
    pub fn restore(&mut self, dirty: BTreeMap<RowKey, Dirty>) {
        self.dirty = dirty;
    }

    /// Runs one mutation. `Err` only for [`Stop::Need`] and [`Stop::Shape`]; a refusal is a [`Run`].
    pub fn run(&mut self, mutation: &dyn AnyMutation, ctx: &Ctx) -> Result<Run, Stop> {
        self.current.clear();
        self.reads.clear();
        self.flags.clear();
        let result = match mutation.apply(ctx, self) {
            Ok(output) => Ok(output),
            Err(Stop::Reject(rejection)) => Err(rejection),
            Err(stop) => {
                self.current.clear();
                return Err(stop);
            }
        };
        let reads = std::mem::take(&mut self.reads);
        let current = std::mem::take(&mut self.current);
        let mut flags = std::mem::take(&mut self.flags);
        let mut writes = BTreeSet::new();
        if result.is_ok() {
            writes.extend(current.keys().copied());
            for (key, change) in current {
                let inserted = match self.dirty.get(&key) {
                    Some(earlier) => earlier.inserted,
                    None => change.inserted,
                };
                self.dirty.insert(key, Dirty { image: change.image, inserted });
            }
        } else {
            flags.clear();
        }
        Ok(Run { result, footprint: Footprint { reads, writes }, flags })
    }

    /// Accepts what the mutation does, and has the office look at it: the server enters the doubt, `aggregate.doubt`, into
    /// the audit log.
    pub fn flag(&mut self, doubt: &'static str) {
        self.flags.insert(doubt);
    }

    /// The row of that id, if there is one.
    pub fn get<R: Record>(&mut self, id: Id<R>) -> Result<Option<R>, Stop> {
        let key = RowKey::of(id);
        self.reads.insert(Load::Row(key));
        match self.image(&key)? {
            Some(row) => R::from_row(row).map(Some).map_err(Stop::Shape),
            None => Ok(None),
        }
    }

    /// The row of that id; refuses with NOT_FOUND when there is none.
    pub fn require<R: Record>(&mut self, id: Id<R>) -> Result<R, Stop> {
        self.get(id)?.ok_or_else(|| {
            let table = R::TABLE.name;
            let words = table.replace('_', " ");
            let message = format!("This {words} does not exist any more, or is not yours to see.");
            Rejection::not_found(&format!("{table}.not_found"), message).into()
        })
    }

    /// All rows whose index columns equal `key`, in id order.
    pub fn find<R: Record>(&mut self, index: &'static Index, key: Vec<Cell>) -> Result<Vec<R>, Stop> {
        self.find_in(index, key, None)
    }

    /// Like [`find`](Self::find), only rows whose range column lies in `range`.
    pub fn find_in<R: Record>(
        &mut self,
        index: &'static Index,
        key: Vec<Cell>,
        range: Option<Range>,
    ) -> Result<Vec<R>, Stop> {
        let read = IndexRead { index: index.name, key, range };
        self.reads.insert(Load::Index(read.clone()));
        let Some(ids) = self.index_reads.get(&read) else {
            return Err(Stop::Need(Load::Index(read)));
        };
        let mut ids = ids.clone();
        let written = self.written.get(&(index.name, read.key.clone()));
        let is_dirty = |id: &&Uuid| {
            let key = RowKey { table: index.table, id: **id };
            self.current.contains_key(&key) || self.dirty.contains_key(&key)
        };
        ids.extend(written.into_iter().flatten().filter(is_dirty));
        let mut found = Vec::new();
        for id in ids {
            let key = RowKey { table: R::TABLE.name, id };
            if let Some(row) = self.image(&key)?
                && read.matches(index, R::TABLE, row)
            {
                found.push(R::from_row(row).map_err(Stop::Shape)?);
                self.reads.insert(Load::Row(key));
            }
        }
        Ok(found)
    }

    /// Creates a row. Whether its id is free is known for certain only when the store is written.
    pub fn insert<R: Record>(&mut self, record: &R) -> Result<(), Stop> {
        let key = RowKey::of(record.id());
        self.reads.insert(Load::Row(key));
        if matches!(self.image(&key), Ok(Some(_))) {
            let table = R::TABLE.name;
            return Err(Rejection::conflict(&format!("{table}.exists"), "This was already created.").into());
        }
        let reborn = self.dirty.get(&key).or(self.current.get(&key)).is_some_and(|dirty| !dirty.inserted)
            || matches!(self.loaded.get(&key), Some(Some(_)));
        self.set(R::TABLE, key, Dirty { image: Some(record.to_row()), inserted: !reborn });
        Ok(())
    }

    /// Replaces a row that exists.
    pub fn update<R: Record>(&mut self, record: &R) -> Result<(), Stop> {
        self.write::<R>(record.id(), Some(record.to_row()))
    }

    /// Deletes a row that exists.
    pub fn delete<R: Record>(&mut self, id: Id<R>) -> Result<(), Stop> {
        self.write::<R>(id, None)
    }

    fn write<R: Record>(&mut self, id: Id<R>, image: Option<Row>) -> Result<(), Stop> {
        self.require::<R>(id)?;
        let key = RowKey::of(id);
        let inserted = self.current.get(&key).or(self.dirty.get(&key)).is_some_and(|dirty| dirty.inserted);
        self.set(R::TABLE, key, Dirty { image, inserted });
        Ok(())
    }

    fn set(&mut self, table: &'static Table, key: RowKey, dirty: Dirty) {
        if let Some(row) = &dirty.image {
            for index in table.indexes {
                let cell = |column: &&str| table.position(column).and_then(|at| row.get(at)).cloned();
                let index_key = index.columns.iter().map(|column| cell(column).unwrap_or(Cell::Null)).collect();
                self.written.entry((index.name, index_key)).or_default().insert(key.id);
            }
        }
        self.current.insert(key, dirty);
    }

    fn image(&self, key: &RowKey) -> Result<Option<&Row>, Stop> {
        if let Some(dirty) = self.current.get(key).or_else(|| self.dirty.get(key)) {
            return Ok(dirty.image.as_ref());
        }
        match self.loaded.get(key) {
            Some(row) => Ok(row.as_ref()),
            None => Err(Stop::Need(Load::Row(*key))),
        }
    }
}

impl IndexRead {
    /// Whether a row belongs to this read's answer.
    pub fn matches(&self, index: &Index, table: &Table, row: &[Cell]) -> bool {
        let cell = |column: &str| table.position(column).and_then(|position| row.get(position));
        let equal = index.columns.iter().zip(&self.key).all(|(column, key)| cell(column) == Some(key));
        let inside = match (&self.range, index.range.and_then(cell)) {
            (None, _) => true,
            (Some(range), Some(value)) => !value.is_null() && *value >= range.from && *value < range.until,
            (Some(_), None) => false,
        };
        equal && inside
    }
}
