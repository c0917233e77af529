//! Typed and raw queries over the replica, beside the writer.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags, params_from_iter};
use satchel_protocol::{Cell, Id, Index, Record, Row, Table, limits::INDEX_ROWS, workspace::Range};

use super::{
    FileKey, Schema, Tx,
    cells::{Bind, plain, read_row},
    key,
    open::BUSY_WAIT,
    schema::{TableSql, quote},
    table::{index_parameters, index_query},
};
use crate::error::StoreError;

/// A read-only connection. Reads see the last commit and never wait for a writer; share it or make more.
#[derive(Debug)]
pub struct Reader {
    connection: Mutex<Connection>,
    schema: Arc<Schema>,
}

impl Reader {
    pub(in crate::db) fn open(path: &Path, schema: Arc<Schema>, key: Option<&FileKey>) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|error| StoreError::from(error).at(path))?;
        connection.busy_timeout(BUSY_WAIT)?;
        key::unlock(&connection, key).map_err(|error| error.at(path))?;
        Ok(Self { connection: Mutex::new(connection), schema })
    }

    /// The row of that id, as the user should see it now.
    pub fn get<R: Record>(&self, id: Id<R>) -> Result<Option<R>, StoreError> {
        let sql = self.table(R::TABLE)?;
        Ok(self.records(&sql.get, &[id.into()])?.pop())
    }

    /// All rows whose index columns equal `key`, in id order; an error beyond
    /// [`INDEX_ROWS`](satchel_protocol::limits::INDEX_ROWS).
    pub fn find<R: Record>(&self, index: &'static Index, key: &[Cell]) -> Result<Vec<R>, StoreError> {
        self.by_index(index, key, None)
    }

    /// Like [`find`](Self::find), only rows whose range column lies in `range`, in its order.
    pub fn find_in<R: Record>(&self, index: &'static Index, key: &[Cell], range: &Range) -> Result<Vec<R>, StoreError> {
        self.by_index(index, key, Some(range))
    }

    /// Every row of a table, in id order.
    pub fn all<R: Record>(&self) -> Result<Vec<R>, StoreError> {
        self.select("true order by id", &[])
    }

    /// The rows of a table that satisfy `condition`, the SQL after `where` (it may go on with `order by` and
    /// `limit`), with `?1`, `?2`, ... standing for `parameters`.
    pub fn select<R: Record>(&self, condition: &str, parameters: &[Cell]) -> Result<Vec<R>, StoreError> {
        let sql = self.table(R::TABLE)?;
        let query = format!("select {} from {} where {condition}", sql.columns, quote(sql.table.name));
        self.records(&query, parameters)
    }

    /// Any query: joins, counts, sums. Booleans come as 0 and 1, as SQLite has them.
    pub fn sql(&self, query: &str, parameters: &[Cell]) -> Result<Vec<Row>, StoreError> {
        self.read(query, parameters.iter().map(Bind).collect(), |row| {
            (0..row.as_ref().column_count()).map(|position| Ok(plain(row.get_ref(position)?))).collect()
        })
    }

    /// Every row of a table in id order, untyped.
    pub fn rows(&self, table: &'static Table) -> Result<Vec<Row>, StoreError> {
        let sql = self.table(table)?;
        let query = format!("select {} from {} order by id", sql.columns, quote(table.name));
        self.read(&query, Vec::new(), |row| read_row(row, table.columns, 0))
    }

    /// Every row of a table as the server last said, without the effects of undecided mutations, in id order.
    pub fn server_rows(&self, table: &'static Table) -> Result<Vec<Row>, StoreError> {
        self.table(table)?;
        let connection = self.lock();
        // One transaction, so that rows and base images are of one moment.
        let snapshot = connection.unchecked_transaction()?;
        let tx = Tx { connection: &connection, schema: &self.schema };
        let based: Vec<_> = tx.based()?.into_iter().filter(|(key, _)| key.table == table.name).collect();
        let mut rows: std::collections::BTreeMap<String, Row> = std::collections::BTreeMap::new();
        let sql = self.table(table)?;
        let query = format!("select {} from {}", sql.columns, quote(table.name));
        let mut statement = connection.prepare_cached(&query)?;
        for row in statement.query_map([], |row| read_row(row, table.columns, 0))? {
            let row = row?;
            if let Some(id) = row.first().and_then(Cell::as_text) {
                rows.insert(id.to_owned(), row);
            }
        }
        for (key, number) in based {
            rows.remove(&key.id.to_string());
            if let Some(image) = tx.base(key, number)? {
                rows.insert(key.id.to_string(), image);
            }
        }
        drop(statement);
        snapshot.finish()?;
        Ok(rows.into_values().collect())
    }

    fn by_index<R: Record>(
        &self,
        index: &'static Index,
        key: &[Cell],
        range: Option<&Range>,
    ) -> Result<Vec<R>, StoreError> {
        let sql = self.table(R::TABLE)?;
        let query = index_query(sql, index, range.is_some());
        let rows = self.read(&query, index_parameters(key, range), |row| read_row(row, R::TABLE.columns, 0))?;
        if rows.len() > INDEX_ROWS {
            let reason = format!("{} has more than {INDEX_ROWS} rows for this key", index.name);
            return Err(StoreError::Query { reason });
        }
        decode(rows)
    }

    fn records<R: Record>(&self, query: &str, parameters: &[Cell]) -> Result<Vec<R>, StoreError> {
        let parameters = parameters.iter().map(Bind).collect();
        decode(self.read(query, parameters, |row| read_row(row, R::TABLE.columns, 0))?)
    }

    fn read<T>(
        &self,
        query: &str,
        parameters: Vec<Bind<'_>>,
        map: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let connection = self.lock();
        let wrong = |error: rusqlite::Error| match StoreError::from(error) {
            StoreError::Storage(source) => StoreError::Query { reason: source.to_string() },
            other => other,
        };
        let mut statement = connection.prepare_cached(query).map_err(wrong)?;
        if !statement.readonly() {
            return Err(StoreError::Query { reason: "it writes".to_owned() });
        }
        let rows = statement.query_map(params_from_iter(parameters), map).map_err(wrong)?;
        rows.collect::<Result<_, _>>().map_err(wrong)
    }

    fn table(&self, table: &Table) -> Result<&TableSql, StoreError> {
        self.schema
            .table(table.name)
            .ok_or_else(|| StoreError::Query { reason: format!("the registry has no table {}", table.name) })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Connection> {
        // A panic while reading leaves nothing half done.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn decode<R: Record>(rows: Vec<Row>) -> Result<Vec<R>, StoreError> {
    rows.iter().map(|row| R::from_row(row)).collect::<Result<_, _>>().map_err(StoreError::Stored)
}
