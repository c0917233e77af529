//! Reads rows into a workspace: by id, and by index, many at once.

use std::collections::{BTreeMap, BTreeSet};

use satchel_protocol::{
    Cell, Kind, Load, Row, RowKey, ShapeError, Table, Workspace, limits,
    workspace::{IndexRead, Range},
};
use sqlx::{PgConnection, Row as _, postgres::PgArguments};
use uuid::Uuid;

use super::{Store, StoreError, binary::read_row, query};

type Query = sqlx::query::Query<'static, sqlx::Postgres, PgArguments>;

impl Store {
    /// Loads everything asked for, in one statement per table and one per index. Gives back the index reads whose
    /// answer exceeds [`limits::INDEX_ROWS`]; those are not supplied.
    pub async fn load(
        &self,
        connection: &mut PgConnection,
        org_id: Uuid,
        loads: &BTreeSet<Load>,
        work: &mut Workspace,
    ) -> Result<Vec<IndexRead>, StoreError> {
        let mut rows: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
        let mut reads: BTreeMap<(&str, bool), Vec<&IndexRead>> = BTreeMap::new();
        for load in loads.iter().filter(|load| !work.is_loaded(load)) {
            match load {
                Load::Row(key) => rows.entry(key.table).or_default().push(key.id),
                Load::Index(read) => reads.entry((read.index, read.range.is_some())).or_default().push(read),
            }
        }
        for (table, ids) in rows {
            self.load_rows(connection, org_id, table, ids, work).await?;
        }
        let mut oversized = Vec::new();
        for reads in reads.into_values() {
            oversized.extend(self.load_index(connection, org_id, &reads, work).await?);
        }
        Ok(oversized)
    }

    async fn load_rows(
        &self,
        connection: &mut PgConnection,
        org_id: Uuid,
        table: &str,
        ids: Vec<Uuid>,
        work: &mut Workspace,
    ) -> Result<(), StoreError> {
        let (_, table, sql) = self.table(table)?;
        let mut missing: BTreeSet<Uuid> = ids.iter().copied().collect();
        for found in query(&sql.load).bind(org_id).bind(ids).fetch_all(connection).await? {
            let (id, row) = read_row(table, &found, 0)?;
            missing.remove(&id);
            work.load_row(RowKey { table: table.name, id }, Some(row));
        }
        for id in missing {
            work.load_row(RowKey { table: table.name, id }, None);
        }
        Ok(())
    }

    /// All reads are of one index, and all or none have a range.
    async fn load_index(
        &self,
        connection: &mut PgConnection,
        org_id: Uuid,
        reads: &[&IndexRead],
        work: &mut Workspace,
    ) -> Result<Vec<IndexRead>, StoreError> {
        let Some(first) = reads.first() else { return Ok(Vec::new()) };
        let unknown = || ShapeError::new(first.index, "an index of the registry, read by its columns");
        let (table, index, sql) = self.statements.indexes.get(first.index).ok_or_else(unknown)?;
        let statement = if first.range.is_some() { sql.ranged.as_ref().ok_or_else(unknown)? } else { &sql.whole };
        let kind = |column: &str| table.position(column).map(|position| table.columns[position].kind);
        let ordinals: Vec<i32> = (0..).take(reads.len()).collect();
        let mut query = query(statement).bind(org_id).bind(ordinals);
        for (position, column) in index.columns.iter().enumerate() {
            let cells = reads.iter().map(|read| read.key.get(position)).collect();
            query = bind(query, kind(column).ok_or_else(unknown)?, cells);
        }
        if let Some(column) = index.range.filter(|_| first.range.is_some()) {
            let kind = kind(column).ok_or_else(unknown)?;
            let bound = |which: fn(&Range) -> &Cell| reads.iter().map(|read| read.range.as_ref().map(which)).collect();
            query = bind(query, kind, bound(|range| &range.from));
            query = bind(query, kind, bound(|range| &range.until));
        }
        let mut answers: Vec<Vec<Row>> = vec![Vec::new(); reads.len()];
        for found in query.fetch_all(connection).await? {
            let ordinal: i32 = found.try_get(0)?;
            let (_, row) = read_row(table, &found, 1)?;
            if let Some(answer) = usize::try_from(ordinal).ok().and_then(|ordinal| answers.get_mut(ordinal)) {
                answer.push(row);
            }
        }
        let mut oversized = Vec::new();
        for (read, rows) in reads.iter().zip(answers) {
            if rows.len() > limits::INDEX_ROWS {
                oversized.push((*read).clone());
            } else {
                work.load_index((*read).clone(), table, rows);
            }
        }
        Ok(oversized)
    }

    /// A table by its name: its place, its entry and its statements.
    pub(crate) fn table(&self, name: &str) -> Result<&'static (usize, &'static Table, super::TableSql), ShapeError> {
        self.statements.tables.get(name).ok_or_else(|| ShapeError::new(name, "a table of the registry"))
    }
}

/// Binds one column's cells as the array its generated cast expects. A cell of another shape is bound as null.
pub(super) fn bind(query: Query, kind: Kind, cells: Vec<Option<&Cell>>) -> Query {
    let cells = cells.into_iter().map(|cell| cell.unwrap_or(&Cell::Null));
    match kind {
        Kind::Integer | Kind::BigInteger => query.bind(cells.map(Cell::as_integer).collect::<Vec<_>>()),
        Kind::Boolean => {
            let boolean = |cell: &Cell| match cell {
                Cell::Boolean(value) => Some(*value),
                _ => None,
            };
            query.bind(cells.map(boolean).collect::<Vec<_>>())
        }
        Kind::Id | Kind::Text | Kind::Decimal | Kind::Timestamp | Kind::Date | Kind::Bytes => {
            query.bind(cells.map(Cell::as_text).collect::<Vec<_>>())
        }
    }
}
