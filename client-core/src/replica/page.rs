//! Reading a page without building its rows: text stays in the page and goes from there into SQLite.

use std::borrow::Cow;

use satchel_protocol::{
    Permissions, ShapeError, Table,
    table::{ID, REV},
    wire::{Cursor, Manifest, Settlement, TableFill, Verdict, Wipe},
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{db::CellRef, error::StoreError};

/// A [`DeltaPage`](satchel_protocol::wire::DeltaPage) whose rows are still text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Page<'a> {
    #[serde(borrow)]
    pub(super) follows: Option<Cow<'a, str>>,
    pub(super) enter: Vec<Uuid>,
    pub(super) leave: Vec<Uuid>,
    pub(super) fill: Vec<TableFill>,
    #[serde(borrow)]
    pub(super) tables: Vec<PageTable<'a>>,
    pub(super) resume: Option<String>,
    pub(super) cursor: Option<Cursor>,
    pub(super) last_seq: Option<u64>,
    pub(super) last_key: Option<Uuid>,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) settlements: Vec<Settlement>,
    pub(super) manifest: Option<Manifest>,
    pub(super) rows_total: Option<u64>,
    pub(super) permissions: Option<Permissions>,
    pub(super) wipe: Option<Wipe>,
}

/// Changed rows of one table.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PageTable<'a> {
    #[serde(borrow)]
    pub(super) table: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) columns: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) rows: Vec<&'a RawValue>,
    pub(super) removed: Vec<Uuid>,
}

/// How much of a page has been applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    pub(super) begun: bool,
    /// Tables of the scopes that are left, scope after scope.
    pub(super) left: usize,
    pub(super) table: usize,
    /// Among the table's rows, then its removals.
    pub(super) row: usize,
}

/// Where each column of a table stands in the page's rows.
pub(super) struct Columns {
    table: &'static Table,
    // None: in the same order, so that rows need not be rearranged.
    places: Option<Vec<Option<usize>>>,
}

impl<'a> Page<'a> {
    /// Reads a page's JSON.
    pub(crate) fn parse(json: &'a str) -> Result<Self, StoreError> {
        let page: Self = serde_json::from_str(json).map_err(|error| {
            let place = format!("a page, line {} column {}", error.line(), error.column());
            StoreError::Page(ShapeError::new(place, "the fields and types of a delta page"))
        })?;
        if page.resume.is_none() && page.cursor.is_none() {
            return Err(StoreError::Page(ShapeError::new("a page", "a mark to resume at, or a cursor")));
        }
        Ok(page)
    }

    /// Rows put and removed.
    pub(super) fn len(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len() + table.removed.len()).sum()
    }

    /// Whether it says what only the first page of a pass says.
    pub(super) fn opens(&self) -> bool {
        let scopes = self.enter.len() + self.leave.len() + self.fill.len();
        scopes > 0 || self.rows_total.is_some() || self.permissions.is_some()
    }
}

impl Columns {
    /// Finds the table's columns among the page's; those missing become null.
    pub(super) fn new(table: &'static Table, names: &[Cow<'_, str>]) -> Result<Self, StoreError> {
        let same = names.len() >= table.columns.len()
            && table.columns.iter().zip(names).all(|(column, name)| column.name == name);
        if same {
            return Ok(Self { table, places: None });
        }
        let places: Vec<_> =
            table.columns.iter().map(|column| names.iter().position(|name| name == column.name)).collect();
        if places[ID].is_none() || places[REV].is_none() {
            return Err(StoreError::Page(ShapeError::new(format!("columns of {}", table.name), "id and rev")));
        }
        Ok(Self { table, places: Some(places) })
    }

    /// Reads one row into `cells`, canonical and in the table's column order.
    pub(super) fn read<'a>(&self, row: &'a RawValue, cells: &mut Vec<CellRef<'a>>) -> Result<(), StoreError> {
        cells.clear();
        let shape = |column: &str, expected: String| {
            StoreError::Page(ShapeError::new(format!("{}.{column}", self.table.name), expected))
        };
        Cells(cells)
            .deserialize(&mut serde_json::Deserializer::from_str(row.get()))
            .map_err(|_| shape("*", "an array of null, booleans, whole numbers and text".to_owned()))?;
        if let Some(places) = &self.places {
            let arranged = places.iter().map(|place| place.and_then(|place| cells.get(place)).cloned());
            *cells = arranged.map(|cell| cell.unwrap_or(CellRef::Null)).collect();
        } else {
            cells.resize(self.table.columns.len(), CellRef::Null);
        }
        for (cell, column) in cells.iter_mut().zip(self.table.columns) {
            // A column that an older server does not have is null even where it may not be.
            let absent = self.places.is_some() && *cell == CellRef::Null;
            if !absent && !cell.make_canonical(column) {
                return Err(shape(column.name, format!("{:?}", column.kind)));
            }
        }
        Ok(())
    }
}

struct Cells<'v, 'a>(&'v mut Vec<CellRef<'a>>);

impl<'a> DeserializeSeed<'a> for Cells<'_, 'a> {
    type Value = ();
    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'a> Visitor<'a> for Cells<'_, 'a> {
    type Value = ();
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of cells")
    }
    fn visit_seq<A: SeqAccess<'a>>(self, mut cells: A) -> Result<(), A::Error> {
        while let Some(cell) = cells.next_element()? {
            self.0.push(cell);
        }
        Ok(())
    }
}
