//! Many rows at once: typed records become the text of `COPY`, table by table.
//!
//! Invariants:
//! - The columns are the registry's, `org_id` before them and `rev` left out: Postgres stamps that, as it does for
//!   every writer.
//! - For the admin's tools (seed, import) only; requests never write this way.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use satchel_protocol::{Cell, Kind, Record, Table, table::REV};
use sqlx::PgConnection;
use uuid::Uuid;

/// Bytes of `COPY` text sent at a time.
const CHUNK_BYTES: usize = 1 << 20;

/// Rows waiting to be written, parents before children.
pub struct Batch {
    tables: Vec<Pending>,
}

struct Pending {
    table: &'static Table,
    text: String,
    rows: u64,
}

impl Batch {
    /// An empty batch for these tables, which must stand parents before children.
    pub fn new(tables: &[&'static Table]) -> Self {
        let tables = tables.iter().map(|table| Pending { table, text: String::new(), rows: 0 }).collect();
        Self { tables }
    }

    /// Adds a row of organization `org_id`.
    ///
    /// # Panics
    /// When the record's table is not one of the batch's: a mistake of the program.
    pub fn push<R: Record>(&mut self, org_id: Uuid, record: &R) {
        let pending = self
            .tables
            .iter_mut()
            .find(|pending| std::ptr::eq(pending.table, R::TABLE) || pending.table.name == R::TABLE.name)
            .expect("a batch is made with every table its maker writes");
        pending.rows += 1;
        write!(pending.text, "{org_id}").expect("a String takes any text");
        for (position, (cell, column)) in record.to_row().iter().zip(R::TABLE.columns).enumerate() {
            if position != REV {
                pending.text.push('\t');
                append(&mut pending.text, cell, column.kind);
            }
        }
        pending.text.push('\n');
    }

    /// Rows waiting.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|pending| pending.rows).sum()
    }

    /// Bytes waiting.
    pub fn bytes(&self) -> usize {
        self.tables.iter().map(|pending| pending.text.len()).sum()
    }

    /// Writes everything and empties the batch. Answers the number of rows per table.
    ///
    /// # Errors
    /// What Postgres said; the transaction is then unusable.
    pub async fn flush(&mut self, connection: &mut PgConnection) -> Result<Vec<(&'static str, u64)>, sqlx::Error> {
        let mut written = Vec::new();
        for pending in self.tables.iter_mut().filter(|pending| pending.rows > 0) {
            let columns: Vec<String> = pending
                .table
                .columns
                .iter()
                .enumerate()
                .filter(|(position, _)| *position != REV)
                .map(|(_, column)| format!("\"{}\"", column.name))
                .collect();
            let statement =
                format!("copy satchel.\"{}\" (org_id, {}) from stdin", pending.table.name, columns.join(", "));
            let mut copy = connection.copy_in_raw(&statement).await?;
            for chunk in pending.text.as_bytes().chunks(CHUNK_BYTES) {
                copy.send(chunk).await?;
            }
            copy.finish().await?;
            written.push((pending.table.name, pending.rows));
            pending.text.clear();
            pending.rows = 0;
        }
        Ok(written)
    }
}

/// Appends a cell as `COPY` spells it.
fn append(text: &mut String, cell: &Cell, kind: Kind) {
    match cell {
        Cell::Null => text.push_str("\\N"),
        Cell::Boolean(value) => text.push(if *value { 't' } else { 'f' }),
        Cell::Integer(number) => write!(text, "{number}").expect("a String takes any text"),
        Cell::Text(value) if kind == Kind::Bytes => {
            text.push_str("\\\\x");
            for byte in STANDARD.decode(value).unwrap_or_default() {
                write!(text, "{byte:02x}").expect("a String takes any text");
            }
        }
        Cell::Text(value) => {
            for character in value.chars() {
                match character {
                    '\\' => text.push_str("\\\\"),
                    '\t' => text.push_str("\\t"),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    other => text.push(other),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(cell: &Cell, kind: Kind) -> String {
        let mut text = String::new();
        append(&mut text, cell, kind);
        text
    }

    #[test]
    fn text_that_looks_like_copy_syntax_is_escaped() {
        assert_eq!(spelled(&"a\tb\\N\r\n\\.".into(), Kind::Text), "a\\tb\\\\N\\r\\n\\\\.");
        assert_eq!(spelled(&Cell::Null, Kind::Text), "\\N");
        assert_eq!(spelled(&Cell::Boolean(true), Kind::Boolean), "t");
    }

    #[test]
    fn bytes_travel_as_hexadecimal() {
        assert_eq!(spelled(&STANDARD.encode([0, 255]).as_str().into(), Kind::Bytes), "\\\\x00ff");
    }
}
