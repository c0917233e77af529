//! Queries: rows of a table by a condition, or any SQL that only reads.

use satchel_client::{Reader, StoreError};
use satchel_protocol::{self as protocol, Registry, Row};

use crate::{error::SatchelError, types::Cell};

/// Rows one query may return.
pub const ROWS: usize = 50_000;

/// The statement for the rows of a table that satisfy a condition.
pub(crate) fn statement(registry: &Registry, table: &str, condition: &str) -> Result<String, SatchelError> {
    let known = registry.table(table);
    let table = known.ok_or_else(|| SatchelError::invalid("there is no such table"))?;
    let columns: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
    Ok(format!("select {} from \"{}\" where {condition}", columns.join(", "), table.name))
}

/// Runs a statement with `?1`, `?2`, ... standing for `parameters`.
pub(crate) fn run(reader: &Reader, statement: &str, parameters: &[protocol::Cell]) -> Result<Vec<Row>, StoreError> {
    // One more than allowed, so that too many are known from enough without all of them being read.
    // The line ends before the bracket, because a statement may end in a comment.
    reader.sql(&format!("select * from ({statement}\n) limit {}", ROWS + 1), parameters)
}

/// Rows as they cross the boundary.
pub(crate) fn cells(rows: Vec<Row>) -> Result<Vec<Vec<Cell>>, SatchelError> {
    if rows.len() > ROWS {
        return Err(SatchelError::TooLarge { size: rows.len() as u64, limit: ROWS as u64, unit: "rows".to_owned() });
    }
    Ok(rows.into_iter().map(|row| row.into_iter().map(Cell::from).collect()).collect())
}
