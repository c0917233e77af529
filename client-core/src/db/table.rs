//! Rows of replica tables.

use rusqlite::{CachedStatement, OptionalExtension, params, params_from_iter, types::ValueRef};
use satchel_protocol::{
    Cell, Index, Row, RowKey, Table,
    limits::INDEX_ROWS,
    table::ID,
    workspace::{IndexRead, Range},
};
use uuid::Uuid;

use super::{
    CellRef, Tx,
    cells::{Bind, read_row},
    failure::damaged,
    schema::{ScopeAt, TableSql, quote},
};
use crate::error::StoreError;

/// What a row was before a write, as far as checksums need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Old {
    /// Its revision.
    pub(crate) rev: i64,
    /// Its scope; none in a table of the organization's scope, or when the column is null.
    pub(crate) scope: Option<Uuid>,
}

/// Writes many rows of one table.
pub(crate) struct PageWriter<'a> {
    sql: &'a TableSql,
    insert: CachedStatement<'a>,
    update: CachedStatement<'a>,
    update_plain: CachedStatement<'a>,
    delete: CachedStatement<'a>,
    old: CachedStatement<'a>,
}

impl<'a> Tx<'a> {
    /// The registry's table of that name with its statements.
    pub(in crate::db) fn sql(&self, table: &str) -> Result<&'a TableSql, StoreError> {
        self.schema.table(table).ok_or_else(|| damaged("the name of a replica table"))
    }

    /// The row as the replica shows it.
    pub(crate) fn row(&self, key: RowKey) -> Result<Option<Row>, StoreError> {
        let sql = self.sql(key.table)?;
        Ok(self
            .connection
            .prepare_cached(&sql.get)?
            .query_row([text(key.id)], |row| read_row(row, sql.table.columns, 0))
            .optional()?)
    }

    /// The rows an index read asks for, as the replica shows them; at most one more than [`INDEX_ROWS`].
    pub(crate) fn index(&self, index: &Index, read: &IndexRead) -> Result<Vec<Row>, StoreError> {
        let sql = self.sql(index.table)?;
        let query = index_query(sql, index, read.range.is_some());
        let mut statement = self.connection.prepare_cached(&query)?;
        let parameters = index_parameters(&read.key, read.range.as_ref());
        let rows = statement.query_map(params_from_iter(parameters), |row| read_row(row, sql.table.columns, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Puts a row; `before` is what the replica shows now.
    pub(crate) fn put(&self, table: &str, before: Option<&Row>, row: &[Cell]) -> Result<(), StoreError> {
        let sql = self.sql(table)?;
        match before {
            Some(before) if sql.indexed.iter().all(|at| before.get(*at) == row.get(*at)) => {
                let mut statement = self.connection.prepare_cached(&sql.update_plain)?;
                for at in std::iter::once(&ID).chain(&sql.plain) {
                    statement.raw_bind_parameter(at + 1, Bind(&row[*at]))?;
                }
                statement.raw_execute()?;
            }
            Some(_) => {
                self.connection.prepare_cached(&sql.update)?.execute(params_from_iter(row.iter().map(Bind)))?;
            }
            None => {
                self.connection.prepare_cached(&sql.put)?.execute(params_from_iter(row.iter().map(Bind)))?;
            }
        }
        Ok(())
    }

    /// Deletes a row, if there is one.
    pub(crate) fn delete(&self, key: RowKey) -> Result<(), StoreError> {
        let sql = self.sql(key.table)?;
        self.connection.prepare_cached(&sql.delete)?.execute([text(key.id)])?;
        Ok(())
    }

    /// Statements for many rows of `table`.
    pub(crate) fn page_writer(&self, table: &str) -> Result<PageWriter<'a>, StoreError> {
        let sql = self.sql(table)?;
        Ok(PageWriter {
            sql,
            update_plain: self.connection.prepare_cached(&sql.update_plain)?,
            insert: self.connection.prepare_cached(&sql.insert)?,
            update: self.connection.prepare_cached(&sql.update)?,
            delete: self.connection.prepare_cached(&sql.delete)?,
            old: self.connection.prepare_cached(&sql.old)?,
        })
    }

    /// Ids of the replica's rows in a scope, at most `limit`.
    pub(crate) fn ids_in_scope(&self, table: &str, scope: Uuid, limit: usize) -> Result<Vec<Uuid>, StoreError> {
        let sql = self.sql(table)?;
        let mut statement = self.connection.prepare_cached(&sql.in_scope)?;
        let mut rows = statement.query(params![text(scope), i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            ids.push(read_uuid(row.get_ref(0)?)?);
        }
        Ok(ids)
    }

    /// Calls `visit` with id, revision and scope of every row the replica shows.
    pub(crate) fn each_rev(&self, table: &str, mut visit: impl FnMut(Uuid, Old)) -> Result<(), StoreError> {
        let sql = self.sql(table)?;
        let mut statement = self.connection.prepare_cached(&sql.sums)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            visit(read_uuid(row.get_ref(0)?)?, Old { rev: row.get(1)?, scope: read_optional(row.get_ref(2)?)? });
        }
        Ok(())
    }
}

impl PageWriter<'_> {
    /// Puts a row of canonical cells; what it was before, if it was.
    pub(crate) fn put(&mut self, cells: &[CellRef<'_>]) -> Result<Option<Old>, StoreError> {
        if execute(&mut self.insert, cells)? == 1 {
            return Ok(None);
        }
        let old = self.old(&cells[ID], Some(cells))?;
        match old {
            Some((_, true)) => {
                for at in std::iter::once(&ID).chain(&self.sql.plain) {
                    self.update_plain.raw_bind_parameter(at + 1, &cells[*at])?;
                }
                self.update_plain.raw_execute()?;
            }
            _ => {
                execute(&mut self.update, cells)?;
            }
        }
        Ok(old.map(|(old, _)| old))
    }

    /// Removes a row; what it was before, if it was.
    pub(crate) fn remove(&mut self, id: Uuid) -> Result<Option<Old>, StoreError> {
        let id = CellRef::Text(id.to_string().into());
        let old = self.old(&id, None)?.map(|(old, _)| old);
        if old.is_some() {
            execute(&mut self.delete, std::slice::from_ref(&id))?;
        }
        Ok(old)
    }

    /// What a row is now, and whether all its indexed columns are as in `new`.
    fn old(&mut self, id: &CellRef<'_>, new: Option<&[CellRef<'_>]>) -> Result<Option<(Old, bool)>, StoreError> {
        self.old.raw_bind_parameter(1, id)?;
        let mut rows = self.old.raw_query();
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let old = Old { rev: row.get(0)?, scope: read_optional(row.get_ref(1)?)? };
        let mut same = true;
        if let Some(new) = new {
            for (position, at) in self.sql.indexed.iter().enumerate() {
                same &= new[*at].equals(row.get_ref(position + 2)?);
            }
        }
        Ok(Some((old, same)))
    }
}

fn execute(statement: &mut CachedStatement<'_>, cells: &[CellRef<'_>]) -> Result<usize, StoreError> {
    for (position, cell) in cells.iter().enumerate() {
        statement.raw_bind_parameter(position + 1, cell)?;
    }
    Ok(statement.raw_execute()?)
}

/// The query of an index read: its key as `?1`, `?2`, ..., then the range.
pub(in crate::db) fn index_query(sql: &TableSql, index: &Index, ranged: bool) -> String {
    let table: &Table = sql.table;
    let mut conditions: Vec<_> =
        (1..).zip(index.columns).map(|(number, column)| format!("{} is ?{number}", quote(column))).collect();
    let mut order = "id".to_owned();
    if let (true, Some(range)) = (ranged, index.range) {
        let (from, range) = (index.columns.len() + 1, quote(range));
        conditions.push(format!("{range} >= ?{from} and {range} < ?{}", from + 1));
        order = format!("{range}, id");
    }
    format!(
        "select {} from {} where {} order by {order} limit {}",
        sql.columns,
        quote(table.name),
        conditions.join(" and "),
        INDEX_ROWS + 1
    )
}

/// The parameters of [`index_query`].
pub(in crate::db) fn index_parameters<'a>(key: &'a [Cell], range: Option<&'a Range>) -> Vec<Bind<'a>> {
    key.iter().chain(range.into_iter().flat_map(|range| [&range.from, &range.until])).map(Bind).collect()
}

/// A UUID as replica tables spell it.
pub(in crate::db) fn text(id: Uuid) -> String {
    id.to_string()
}

/// A UUID from a replica table.
pub(in crate::db) fn read_uuid(value: ValueRef<'_>) -> Result<Uuid, StoreError> {
    read_optional(value)?.ok_or_else(|| damaged("a row id"))
}

/// A UUID from a replica or bookkeeping table, where there is one.
pub(in crate::db) fn read_optional(value: ValueRef<'_>) -> Result<Option<Uuid>, StoreError> {
    match value {
        ValueRef::Null => Ok(None),
        ValueRef::Text(text) => Uuid::try_parse_ascii(text).map(Some).map_err(|_| damaged("an id")),
        _ => Err(damaged("an id")),
    }
}

impl TableSql {
    /// The scope of a row in a replica of organization `org_id`.
    pub(crate) fn scope_of(&self, row: &[CellRef<'_>], org_id: Uuid) -> Option<Uuid> {
        match self.scope {
            ScopeAt::Organization => Some(org_id),
            ScopeAt::Column(position) => match row.get(position) {
                Some(CellRef::Text(text)) => Uuid::try_parse(text).ok(),
                _ => None,
            },
        }
    }
}
