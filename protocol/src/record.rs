//! Typed rows.

use crate::{Cell, Id, Row, ShapeError, Table};

/// A Rust struct that is a row of a synced table. Implemented by [`record!`](crate::record!).
pub trait Record: Sized + 'static {
    /// The table it is a row of.
    const TABLE: &'static Table;
    /// Its id.
    fn id(&self) -> Id<Self>;
    /// Reads canonical cells.
    fn from_row(row: &[Cell]) -> Result<Self, ShapeError>;
    /// Writes canonical cells.
    fn to_row(&self) -> Row;
}

/// The `rev` of a row that no server has stored yet.
pub const UNSAVED: i64 = 0;

/// Declares a synced table: the typed row, its [`Table`] and its indexes, in one place.
///
/// ```
/// use satchel_protocol::{record, Id, Record};
/// record! {
///     /// A sheet pinned to a wall.
///     pub struct Poster in "poster" {
///         /// Where it hangs.
///         pub wall_id: uuid::Uuid,
///         /// What it says.
///         pub title: String,
///     }
///     scope: "wall_id";
///     index BY_WALL = "poster.by_wall" on ["wall_id"];
/// }
/// assert_eq!(Poster::TABLE.columns.len(), 4);
/// assert_eq!(Poster::BY_WALL.columns, ["wall_id"]);
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident in $table:literal {
            $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)*
        }
        scope: $scope:expr;
        $($(#[$index_meta:meta])* index $index:ident = $index_name:literal on [$($column:literal),+] $(range $range:literal)?;)*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            /// The row's id.
            pub id: $crate::Id<$name>,
            /// The revision Postgres stamped; [`UNSAVED`]($crate::record::UNSAVED) until then.
            pub rev: i64,
            $($(#[$field_meta])* pub $field: $type,)*
        }

        impl $name {
            $(
                #[doc = concat!("The complete read `", $index_name, "`.")]
                $(#[$index_meta])*
                pub const $index: &'static $crate::Index = &$crate::Index {
                    name: $index_name,
                    table: $table,
                    columns: &[$($column),+],
                    range: $crate::record!(@range $($range)?),
                };
            )*
        }

        impl $crate::Record for $name {
            const TABLE: &'static $crate::Table = &$crate::Table {
                name: $table,
                columns: &[
                    $crate::Column { name: "id", kind: $crate::Kind::Id, nullable: false, values: None },
                    $crate::Column { name: "rev", kind: $crate::Kind::BigInteger, nullable: false, values: None },
                    $($crate::Column {
                        name: stringify!($field),
                        kind: <$type as $crate::Field>::KIND,
                        nullable: <$type as $crate::Field>::NULLABLE,
                        values: <$type as $crate::Field>::VALUES,
                    },)*
                ],
                scope: $scope,
                indexes: &[$(*$name::$index,)*],
            };

            fn id(&self) -> $crate::Id<Self> {
                self.id
            }

            fn from_row(row: &[$crate::Cell]) -> Result<Self, $crate::ShapeError> {
                let mut cells = row.iter();
                Ok(Self {
                    id: $crate::record::read($table, "id", cells.next())?,
                    rev: $crate::record::read($table, "rev", cells.next())?,
                    $($field: $crate::record::read($table, stringify!($field), cells.next())?,)*
                })
            }

            fn to_row(&self) -> $crate::Row {
                vec![
                    $crate::Field::to_cell(&self.id),
                    $crate::Field::to_cell(&self.rev),
                    $($crate::Field::to_cell(&self.$field),)*
                ]
            }
        }
    };
    (@range) => { None };
    (@range $range:literal) => { Some($range) };
}

/// Reads one cell of a row; for [`record!`](crate::record!).
#[doc(hidden)]
pub fn read<F: crate::Field>(table: &str, column: &str, cell: Option<&Cell>) -> Result<F, ShapeError> {
    F::from_cell(cell.unwrap_or(&Cell::Null))
        .ok_or_else(|| ShapeError::new(format!("{table}.{column}"), format!("{:?}", F::KIND)))
}
