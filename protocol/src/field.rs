//! How Rust values become cells and back.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::{Cell, Id, Kind, table::Values};

/// Data that does not have the shape its schema promises. Names columns and types, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: expected {expected}")]
pub struct ShapeError {
    /// The column, table, mutation or message at fault.
    pub what: String,
    /// What should have stood there.
    pub expected: String,
}

impl ShapeError {
    /// Says that `what` should have been `expected`.
    pub fn new(what: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { what: what.into(), expected: expected.into() }
    }
}

/// A Rust type that can stand in a column.
pub trait Field: Sized {
    /// How the column is stored and sent.
    const KIND: Kind;
    /// Whether the column may be null.
    const NULLABLE: bool = false;
    /// The values, if it is an enum stored as text.
    const VALUES: Option<&'static Values> = None;
    /// The canonical cell for this value.
    fn to_cell(&self) -> Cell;
    /// The value of a cell, or `None` when the cell has another shape.
    fn from_cell(cell: &Cell) -> Option<Self>;
}

macro_rules! text_field {
    ($type:ty, $kind:expr, $write:expr, $read:expr) => {
        impl Field for $type {
            const KIND: Kind = $kind;
            fn to_cell(&self) -> Cell {
                let write: fn(&$type) -> String = $write;
                Cell::Text(write(self))
            }
            fn from_cell(cell: &Cell) -> Option<Self> {
                let read: fn(&str) -> Option<$type> = $read;
                cell.as_text().and_then(read)
            }
        }
    };
}

text_field!(String, Kind::Text, |text| text.clone(), |text| Some(text.to_owned()));
text_field!(Uuid, Kind::Id, |id| id.to_string(), |text| text.parse().ok());
text_field!(Decimal, Kind::Decimal, |number| number.to_string(), |text| text.parse().ok());
text_field!(Timestamp, Kind::Timestamp, |at| crate::time::canonical(*at), |text| text.parse().ok());
text_field!(Date, Kind::Date, |date| date.to_string(), |text| text.parse().ok());
text_field!(Vec<u8>, Kind::Bytes, |bytes| STANDARD.encode(bytes), |text| STANDARD.decode(text).ok());

impl<T> Field for Id<T> {
    const KIND: Kind = Kind::Id;
    fn to_cell(&self) -> Cell {
        (*self).into()
    }
    fn from_cell(cell: &Cell) -> Option<Self> {
        cell.as_uuid().map(Self::new)
    }
}

impl Field for bool {
    const KIND: Kind = Kind::Boolean;
    fn to_cell(&self) -> Cell {
        Cell::Boolean(*self)
    }
    fn from_cell(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Boolean(value) => Some(*value),
            // SQLite has no boolean of its own.
            Cell::Integer(0) => Some(false),
            Cell::Integer(1) => Some(true),
            _ => None,
        }
    }
}

impl Field for i32 {
    const KIND: Kind = Kind::Integer;
    fn to_cell(&self) -> Cell {
        Cell::Integer((*self).into())
    }
    fn from_cell(cell: &Cell) -> Option<Self> {
        cell.as_integer().and_then(|number| number.try_into().ok())
    }
}

impl Field for i64 {
    const KIND: Kind = Kind::BigInteger;
    fn to_cell(&self) -> Cell {
        Cell::Integer(*self)
    }
    fn from_cell(cell: &Cell) -> Option<Self> {
        cell.as_integer()
    }
}

impl<F: Field> Field for Option<F> {
    const KIND: Kind = F::KIND;
    const NULLABLE: bool = true;
    const VALUES: Option<&'static Values> = F::VALUES;
    fn to_cell(&self) -> Cell {
        self.as_ref().map_or(Cell::Null, F::to_cell)
    }
    fn from_cell(cell: &Cell) -> Option<Self> {
        if cell.is_null() { Some(None) } else { F::from_cell(cell).map(Some) }
    }
}

/// Declares an enum stored as text, with a fallback so that a value from a newer server survives a round trip
/// through an older phone unchanged.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A value this build does not know; kept as it came.
            Unknown(String),
        }

        impl $name {
            /// Every value this build knows, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stored spelling.
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $text,)+ Self::Unknown(text) => text }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text { $($text => Self::$variant,)+ other => Self::Unknown(other.to_owned()) }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::Field for $name {
            const KIND: $crate::Kind = $crate::Kind::Text;
            const VALUES: Option<&'static $crate::table::Values> =
                Some(&$crate::table::Values { name: stringify!($name), known: &[$($text),+] });
            fn to_cell(&self) -> $crate::Cell { self.as_str().into() }
            fn from_cell(cell: &$crate::Cell) -> Option<Self> { cell.as_text().map(Self::from) }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <::std::borrow::Cow<'de, str> as ::serde::Deserialize>::deserialize(deserializer)
                    .map(|text| Self::from(text.as_ref()))
            }
        }

        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "type": "string", "enum": [$($text),+] })
            }
        }
    };
}
