//! Typed and raw queries over the replica, beside the writer.

use satchel_protocol::{Cell, Id, Index, Record, Row, Table, workspace::Range};

use crate::error::StoreError;

/// A read-only connection. Reads see the last commit and never wait for a writer; share it or make more.
#[derive(Debug)]
pub struct Reader {}

impl Reader {
    /// The row of that id, as the user should see it now.
    pub fn get<R: Record>(&self, id: Id<R>) -> Result<Option<R>, StoreError> {
        todo!()
    }

    /// All rows whose index columns equal `key`, in id order.
    pub fn find<R: Record>(&self, index: &'static Index, key: &[Cell]) -> Result<Vec<R>, StoreError> {
        todo!()
    }

    /// Like [`find`](Self::find), only rows whose range column lies in `range`, in its order.
    pub fn find_in<R: Record>(&self, index: &'static Index, key: &[Cell], range: &Range) -> Result<Vec<R>, StoreError> {
        todo!()
    }

    /// Every row of a table, in id order.
    pub fn all<R: Record>(&self) -> Result<Vec<R>, StoreError> {
        todo!()
    }

    /// The rows of a table that satisfy `condition`, the SQL after `where` (it may go on with `order by` and
    /// `limit`), with `?1`, `?2`, ... standing for `parameters`.
    pub fn select<R: Record>(&self, condition: &str, parameters: &[Cell]) -> Result<Vec<R>, StoreError> {
        todo!()
    }

    /// Any query: joins, counts, sums. Booleans come as 0 and 1, as SQLite has them.
    pub fn sql(&self, query: &str, parameters: &[Cell]) -> Result<Vec<Row>, StoreError> {
        todo!()
    }

    /// Every row of a table in id order, untyped.
    pub fn rows(&self, table: &'static Table) -> Result<Vec<Row>, StoreError> {
        todo!()
    }

    /// Every row of a table as the server last said, without the effects of undecided mutations, in id order.
    pub fn server_rows(&self, table: &'static Table) -> Result<Vec<Row>, StoreError> {
        todo!()
    }
}
