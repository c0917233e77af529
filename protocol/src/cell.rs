//! One value of one row, and a row as an array of them.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, Visitor},
};
use uuid::Uuid;

/// A value in a row, in the one canonical form that phone, server and wire share.
///
/// Ids, decimals, timestamps, dates and bytes are text in their canonical spelling (see [`crate::Kind`]), so
/// that two equal values are equal cells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Cell {
    /// No value.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number. On the wire 64-bit columns travel as text; [`crate::Table::decode_row`] restores them.
    Integer(i64),
    /// Anything else.
    Text(String),
}

/// The cells of a row in the column order of its [`crate::Table`]: `id`, `rev`, then the declared columns.
pub type Row = Vec<Cell>;

impl Cell {
    /// The text of a text cell.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of an integer cell.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The UUID of a text cell that spells one.
    pub fn as_uuid(&self) -> Option<Uuid> {
        self.as_text().and_then(|text| text.parse().ok())
    }

    /// True for [`Cell::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl From<Uuid> for Cell {
    fn from(uuid: Uuid) -> Self {
        Self::Text(uuid.to_string())
    }
}
impl<T> From<crate::Id<T>> for Cell {
    fn from(id: crate::Id<T>) -> Self {
        id.uuid().into()
    }
}
impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

// By hand, because serde buffers what it reads for an untagged enum: rows are read by the hundred thousand.
impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl Visitor<'_> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a boolean, a whole number or text")
    }

    fn visit_unit<E: Error>(self) -> Result<Cell, E> {
        Ok(Cell::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Cell, E> {
        Ok(Cell::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Cell, E> {
        Ok(Cell::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Cell, E> {
        value.try_into().map(Cell::Integer).map_err(|_| E::custom("a whole number beyond 64 bits"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Cell, E> {
        Ok(Cell::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Cell, E> {
        Ok(Cell::Text(value))
    }
}
