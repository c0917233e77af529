//! Writes what a workspace changed, as set statements: parents are inserted first and deleted last.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use satchel_protocol::{Cell, Row, RowKey, ShapeError, Table, Workspace, table::REV};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::{
    Store, StoreError,
    load::bind,
    query,
    sql::{TableSql, declared},
};

/// A row that was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// The row.
    pub key: RowKey,
    /// Why.
    pub miss: Miss,
}

/// Why a row was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss {
    /// Somebody wrote it since it was read.
    Stale,
    /// It was to be created, and is already there.
    Exists,
    /// It was in sight when it was read, and is no more.
    Vanished,
    /// It is as it was read, and row-level security refused the write.
    Refused,
    /// It was to be created, and its id belongs to a row out of sight.
    Taken,
}

/// Rows of one table to write one way.
#[derive(Default)]
struct Pending<'a> {
    ids: Vec<Uuid>,
    revisions: Vec<i64>,
    images: Vec<&'a Row>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verb {
    Insert,
    Update,
    Delete,
}

impl Store {
    /// Writes every changed row. Stops at the first statement that wrote fewer rows than it was given and says which:
    /// the caller then goes back to a savepoint.
    pub async fn flush(
        &self,
        connection: &mut PgConnection,
        org_id: Uuid,
        work: &Workspace,
    ) -> Result<Vec<Missed>, StoreError> {
        for ((verb, _), (table, sql, pending)) in self.plan(work)? {
            let written = write(connection, org_id, verb, table, sql, &pending).await?;
            if written.len() < pending.ids.len() {
                return missed(connection, org_id, verb, table, sql, &pending, &written).await;
            }
        }
        Ok(Vec::new())
    }

    /// The statements in the order they run: inserts in registry order, updates, deletes in reverse registry order.
    #[expect(clippy::type_complexity, reason = "local to the flush")]
    fn plan<'a>(
        &self,
        work: &'a Workspace,
    ) -> Result<BTreeMap<(Verb, isize), (&'static Table, &'static TableSql, Pending<'a>)>, StoreError> {
        let mut plan = BTreeMap::new();
        for (key, dirty) in work.dirty() {
            let (order, table, sql) = self.table(key.table)?;
            let order = order.cast_signed();
            let (verb, order) = match (dirty.inserted, &dirty.image) {
                (true, Some(_)) => (Verb::Insert, order),
                (false, Some(_)) => (Verb::Update, order),
                (false, None) => (Verb::Delete, -order),
                (true, None) => continue,
            };
            let (_, _, pending) = plan.entry((verb, order)).or_insert_with(|| (*table, sql, Pending::default()));
            pending.ids.push(key.id);
            pending.images.extend(&dirty.image);
            if verb != Verb::Insert {
                pending.revisions.push(revision(work, key)?);
            }
        }
        Ok(plan)
    }
}

fn revision(work: &Workspace, key: &RowKey) -> Result<i64, ShapeError> {
    let loaded = work.loaded(key).and_then(Option::as_ref);
    loaded
        .and_then(|row| row.get(REV))
        .and_then(Cell::as_integer)
        .ok_or_else(|| ShapeError::new(key.table, "a changed row that was loaded before"))
}

async fn write(
    connection: &mut PgConnection,
    org_id: Uuid,
    verb: Verb,
    table: &'static Table,
    sql: &'static TableSql,
    pending: &Pending<'_>,
) -> Result<BTreeSet<Uuid>, StoreError> {
    let statement = match verb {
        Verb::Insert => &sql.insert,
        Verb::Update => &sql.update,
        Verb::Delete => &sql.delete,
    };
    let mut query = query(statement).bind(org_id).bind(pending.ids.clone());
    if verb != Verb::Insert {
        query = query.bind(pending.revisions.clone());
    }
    if verb != Verb::Delete {
        for (position, column) in declared(table).iter().enumerate() {
            query = bind(query, column.kind, pending.images.iter().map(|row| row.get(position + 2)).collect());
        }
    }
    let rows = query.fetch_all(connection).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Finds out why rows were not written, by looking at them once more.
async fn missed(
    connection: &mut PgConnection,
    org_id: Uuid,
    verb: Verb,
    table: &'static Table,
    sql: &'static TableSql,
    pending: &Pending<'_>,
    written: &BTreeSet<Uuid>,
) -> Result<Vec<Missed>, StoreError> {
    let missing: Vec<Uuid> = pending.ids.iter().copied().filter(|id| !written.contains(id)).collect();
    let mut now: HashMap<Uuid, i64> = HashMap::new();
    for row in query(&sql.revisions).bind(org_id).bind(missing.clone()).fetch_all(connection).await? {
        now.insert(row.try_get(0)?, row.try_get(1)?);
    }
    let read: HashMap<Uuid, i64> = pending.ids.iter().copied().zip(pending.revisions.iter().copied()).collect();
    let why = |id: &Uuid| match (verb, now.get(id)) {
        (Verb::Insert, Some(_)) => Miss::Exists,
        (Verb::Insert, None) => Miss::Taken,
        (_, None) => Miss::Vanished,
        (_, Some(revision)) if read.get(id) == Some(revision) => Miss::Refused,
        (_, Some(_)) => Miss::Stale,
    };
    Ok(missing.iter().map(|id| Missed { key: RowKey { table: table.name, id: *id }, miss: why(id) }).collect())
}

impl Store {
    /// Keeps other writers off these rows until the transaction ends, as far as row-level security lets the caller
    /// write them at all.
    pub async fn lock_rows(
        &self,
        connection: &mut PgConnection,
        org_id: Uuid,
        keys: &BTreeSet<RowKey>,
    ) -> Result<(), StoreError> {
        let mut tables: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
        for key in keys {
            tables.entry(key.table).or_default().push(key.id);
        }
        for (table, ids) in tables {
            let (_, _, sql) = self.table(table)?;
            query(&sql.lock).bind(org_id).bind(ids).execute(&mut *connection).await?;
        }
        Ok(())
    }
}
