//! The description of a synced table: one truth for Postgres, SQLite and the wire.

use std::borrow::Cow;

use uuid::Uuid;

use crate::{Cell, Row, ShapeError};

/// How a column is stored and sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// UUID; text in lower-case hyphenated form. Postgres `uuid`.
    Id,
    /// UTF-8 text. Postgres `text`.
    Text,
    /// 32-bit integer; a JSON number. Postgres `integer`.
    Integer,
    /// 64-bit integer (cents, revisions); a JSON string. Postgres `bigint`.
    BigInteger,
    /// Exact decimal; text. Postgres `numeric(p, s)`, always spelled with its full scale.
    Decimal,
    /// JSON boolean; 0 or 1 in SQLite. Postgres `boolean`.
    Boolean,
    /// Instant; text as [`crate::time::canonical`] spells it. Postgres `timestamptz`.
    Timestamp,
    /// Calendar day; `YYYY-MM-DD`. Postgres `date`.
    Date,
    /// Binary; standard base64 text, on the wire and in SQLite alike. Postgres `bytea`.
    Bytes,
}

/// A column of a synced table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in Postgres, SQLite and on the wire.
    pub name: &'static str,
    /// How it is stored and sent.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
    /// The values of a text column that is an enum; a newer build may store others.
    pub values: Option<&'static Values>,
}

/// An enum that is stored as text, as [`text_enum!`](crate::text_enum) declares it.
#[derive(Debug, PartialEq, Eq)]
pub struct Values {
    /// What the type is called.
    pub name: &'static str,
    /// The stored spellings this build knows, in declaration order.
    pub known: &'static [&'static str],
}

/// A complete read that rules may make besides reading a row by id: all rows of `table` whose `columns` equal a
/// key, optionally only those whose `range` column lies in an interval. Both sides have a database index for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
    /// Unique name, `table.by_columns`.
    pub name: &'static str,
    /// The table read.
    pub table: &'static str,
    /// The columns compared for equality, in key order.
    pub columns: &'static [&'static str],
    /// The column an interval may be asked of.
    pub range: Option<&'static str>,
}

/// A synced table.
///
/// `columns[0]` is `id` and `columns[1]` is `rev`, the revision that Postgres stamps on every write (0 on a row
/// that only this phone knows). Columns are only ever appended.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name in Postgres (schema `satchel`), SQLite and on the wire.
    pub name: &'static str,
    /// Its columns in wire order.
    pub columns: &'static [Column],
    /// The column that holds the scope a row belongs to: `id` for an aggregate's root, the parent's key for its
    /// parts, or [`ORG_SCOPE`] for rows every member of the organization holds.
    pub scope: &'static str,
    /// The index reads rules may make.
    pub indexes: &'static [Index],
}

/// The scope column of organization-wide tables. It is not on the wire: a replica belongs to one organization.
pub const ORG_SCOPE: &str = "org_id";

/// Position of `id` in every row.
pub const ID: usize = 0;
/// Position of `rev` in every row.
pub const REV: usize = 1;

impl Table {
    /// The position of a column.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|candidate| candidate.name == column)
    }

    /// What its scopes are the ids of, named like the column that holds such an id in other tables: `job_id` for the parts
    /// of a job and for the job itself.
    pub fn scope_kind(&self) -> Cow<'static, str> {
        if self.scope == self.columns[ID].name { Cow::Owned(format!("{}_id", self.name)) } else { self.scope.into() }
    }

    /// The scope that `row` belongs to, in a replica of organization `org_id`.
    pub fn scope_of(&self, row: &[Cell], org_id: Uuid) -> Option<Uuid> {
        if self.scope == ORG_SCOPE {
            return Some(org_id);
        }
        row.get(self.position(self.scope)?)?.as_uuid()
    }

    /// Turns wire cells into canonical cells: 64-bit integers from text, 0/1 to booleans; and checks the shape.
    ///
    /// Cells beyond the known columns (a newer server) are dropped; missing nullable cells (an older one) are
    /// filled with null.
    pub fn decode_row(&self, mut row: Row) -> Result<Row, ShapeError> {
        row.truncate(self.columns.len());
        row.resize(self.columns.len(), Cell::Null);
        for (cell, column) in row.iter_mut().zip(self.columns) {
            if let (Kind::BigInteger, Cell::Text(text)) = (column.kind, &*cell)
                && let Ok(number) = text.parse()
            {
                *cell = Cell::Integer(number);
            } else if let (Kind::Boolean, Cell::Integer(number @ 0..=1)) = (column.kind, &*cell) {
                *cell = Cell::Boolean(*number == 1);
            }
            if !column.accepts(cell) {
                return Err(ShapeError::new(format!("{}.{}", self.name, column.name), format!("{:?}", column.kind)));
            }
        }
        Ok(row)
    }

    /// Turns canonical cells into wire cells: 64-bit integers become text.
    pub fn encode_row(&self, row: &[Cell]) -> Row {
        row.iter()
            .zip(self.columns)
            .map(|(cell, column)| match (column.kind, cell) {
                (Kind::BigInteger, Cell::Integer(number)) => Cell::Text(number.to_string()),
                _ => cell.clone(),
            })
            .collect()
    }
}

impl Column {
    /// Whether `cell` has this column's shape. Spelling inside text is not checked.
    pub fn accepts(&self, cell: &Cell) -> bool {
        match (self.kind, cell) {
            (_, Cell::Null) => self.nullable,
            (Kind::Integer | Kind::BigInteger, Cell::Integer(_)) | (Kind::Boolean, Cell::Boolean(_)) => true,
            (Kind::Integer | Kind::BigInteger | Kind::Boolean, _) => false,
            (_, cell) => matches!(cell, Cell::Text(_)),
        }
    }
}
