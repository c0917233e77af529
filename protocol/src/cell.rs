//! One value of one row, and a row as an array of them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A value in a row, in the one canonical form that phone, server and wire share.
///
/// Ids, decimals, timestamps, dates and bytes are text in their canonical spelling (see [`crate::Kind`]), so
/// that two equal values are equal cells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
