//! Cells to and from SQLite values, and a borrowed cell for pages.

use std::{borrow::Cow, fmt};

use rusqlite::{
    Result,
    types::{ToSql, ToSqlOutput, ValueRef},
};
use satchel_protocol::{Cell, Column, Kind, Row};
use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

/// A cell that borrows its text from the page it came in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CellRef<'a> {
    /// No value.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Anything else.
    Text(Cow<'a, str>),
}

impl CellRef<'_> {
    /// The same, owned.
    pub(crate) fn to_cell(&self) -> Cell {
        match self {
            Self::Null => Cell::Null,
            Self::Boolean(value) => Cell::Boolean(*value),
            Self::Integer(number) => Cell::Integer(*number),
            Self::Text(text) => Cell::Text(text.to_string()),
        }
    }

    /// Whether SQLite has this value.
    pub(in crate::db) fn equals(&self, value: ValueRef<'_>) -> bool {
        match (self, value) {
            (Self::Null, ValueRef::Null) => true,
            (Self::Boolean(mine), ValueRef::Integer(number)) => i64::from(*mine) == number,
            (Self::Integer(mine), ValueRef::Integer(number)) => *mine == number,
            (Self::Text(mine), ValueRef::Text(text)) => mine.as_bytes() == text,
            _ => false,
        }
    }

    /// Takes the canonical form of `kind` from the wire form; false when the cell has another shape.
    pub(crate) fn make_canonical(&mut self, column: &Column) -> bool {
        match (column.kind, &*self) {
            (_, Self::Null) => column.nullable,
            (Kind::BigInteger, Self::Text(text)) => match text.parse() {
                Ok(number) => {
                    *self = Self::Integer(number);
                    true
                }
                Err(_) => false,
            },
            (Kind::Boolean, Self::Integer(number @ 0..=1)) => {
                *self = Self::Boolean(*number == 1);
                true
            }
            (Kind::Boolean, cell) => matches!(cell, Self::Boolean(_)),
            (Kind::Integer | Kind::BigInteger, cell) => matches!(cell, Self::Integer(_)),
            (_, cell) => matches!(cell, Self::Text(_)),
        }
    }
}

impl<'a> From<&'a Cell> for CellRef<'a> {
    fn from(cell: &'a Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Boolean(value) => Self::Boolean(*value),
            Cell::Integer(number) => Self::Integer(*number),
            Cell::Text(text) => Self::Text(Cow::Borrowed(text)),
        }
    }
}

impl ToSql for CellRef<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Boolean(value) => ValueRef::Integer((*value).into()),
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// An owned cell as a parameter.
pub(in crate::db) struct Bind<'a>(pub(in crate::db) &'a Cell);

impl ToSql for Bind<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Cell::Null => ValueRef::Null,
            Cell::Boolean(value) => ValueRef::Integer((*value).into()),
            Cell::Integer(number) => ValueRef::Integer(*number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// The cells of a result row that has the columns of a table, in order, from column `start`.
pub(in crate::db) fn read_row(row: &rusqlite::Row<'_>, columns: &[Column], start: usize) -> Result<Row> {
    columns
        .iter()
        .enumerate()
        .map(|(position, column)| {
            Ok(match (column.kind, row.get_ref(start + position)?) {
                (Kind::Boolean, ValueRef::Integer(number)) => Cell::Boolean(number != 0),
                (_, value) => plain(value),
            })
        })
        .collect()
}

/// A value as a cell, its column unknown.
pub(in crate::db) fn plain(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Real(number) => Cell::Text(number.to_string()),
        ValueRef::Text(text) | ValueRef::Blob(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
    }
}

impl<'de> Deserialize<'de> for CellRef<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = CellRef<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("null, a boolean, a whole number or text")
            }
            fn visit_unit<E: Error>(self) -> std::result::Result<Self::Value, E> {
                Ok(CellRef::Null)
            }
            fn visit_bool<E: Error>(self, value: bool) -> std::result::Result<Self::Value, E> {
                Ok(CellRef::Boolean(value))
            }
            fn visit_i64<E: Error>(self, value: i64) -> std::result::Result<Self::Value, E> {
                Ok(CellRef::Integer(value))
            }
            fn visit_u64<E: Error>(self, value: u64) -> std::result::Result<Self::Value, E> {
                value.try_into().map(CellRef::Integer).map_err(|_| E::custom("a whole number beyond 64 bits"))
            }
            fn visit_borrowed_str<E: Error>(self, value: &'de str) -> std::result::Result<Self::Value, E> {
                Ok(CellRef::Text(Cow::Borrowed(value)))
            }
            fn visit_str<E: Error>(self, value: &str) -> std::result::Result<Self::Value, E> {
                Ok(CellRef::Text(Cow::Owned(value.to_owned())))
            }
        }
        deserializer.deserialize_any(Seen)
    }
}
