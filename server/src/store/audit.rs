//! The audit log (R11): who did what to which rows, when by both clocks, and what the rows were before and after.
//! Append-only.
//!
//! Invariants:
//! - One entry for each row of each accepted mutation, also where a later mutation of the same batch replaces what it
//!   wrote; one for each mutation that was refused by a rule or by row-level security.
//! - An entry names the row's branch and scope, because row-level security decides by them who reads it.
//! - Cells are spelled as on the wire, by column; long and binary ones are cut, or a note would be kept once for each of
//!   its edits.

use jiff::Timestamp;
use satchel_protocol::{
    Cell, Column, Kind, Rejection, Row, RowKey, Table, context::ClientContext, table::REV, time::canonical,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Characters of a cell that are kept; the same in `satchel.audit_difference`.
pub const AUDIT_CELL_CHARS: usize = 1_000;
/// The column that names a row's branch, in every table that has one.
const BRANCH: &str = "branch_id";
/// The first second that Postgres and jiff spell alike: the year 1.
const YEAR_ONE_S: i64 = -62_135_596_800;

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was created.
    Insert,
    /// It was replaced.
    Update,
    /// It was deleted.
    Delete,
    /// Nothing: the mutation about it was refused.
    Refuse,
}

impl Change {
    /// The stored spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Refuse => "refuse",
        }
    }
}

/// What one mutation did to one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// The row.
    pub row: RowKey,
    /// The scope it is in.
    pub scope_id: Uuid,
    /// Its branch; the organization for a row that has none.
    pub branch_id: Uuid,
    /// What happened to it.
    pub change: Change,
    /// The changed cells as they were, a JSON object by column; none for a row that was not there.
    pub before: Option<String>,
    /// The changed cells as they are; none for a row that is gone.
    pub after: Option<String>,
}

impl RowChange {
    /// From two images of a row, of which at least one is there.
    pub fn between(
        table: &Table,
        org_id: Uuid,
        row: RowKey,
        before: Option<&Row>,
        after: Option<&Row>,
    ) -> Option<Self> {
        let change = match (before, after) {
            (None, Some(_)) => Change::Insert,
            (Some(_), Some(_)) => Change::Update,
            (Some(_), None) => Change::Delete,
            (None, None) => return None,
        };
        let image = after.or(before);
        Some(Self {
            before: before.map(|image| difference(table, image, after)),
            after: after.map(|image| difference(table, image, before)),
            ..Self::about(table, org_id, row, image, change)
        })
    }

    /// A mutation about a row was refused. `image` is the row, where it is known.
    pub fn refused(table: &Table, org_id: Uuid, row: RowKey, image: Option<&Row>, rejection: &Rejection) -> Self {
        let why = json!({ "code": rejection.code, "reason": rejection.reason });
        Self { after: Some(why.to_string()), ..Self::about(table, org_id, row, image, Change::Refuse) }
    }

    fn about(table: &Table, org_id: Uuid, row: RowKey, image: Option<&Row>, change: Change) -> Self {
        let cell = |image: &Row| image.get(table.position(BRANCH)?)?.as_uuid();
        let scope = image.and_then(|image| table.scope_of(image, org_id));
        let branch_id = image.and_then(cell).unwrap_or(org_id);
        Self { row, scope_id: scope.unwrap_or(row.id), branch_id, change, before: None, after: None }
    }
}

/// The cells of an image that the other has otherwise; all that hold anything, if there is no other.
fn difference(table: &Table, image: &Row, other: Option<&Row>) -> String {
    let mut cells = Map::new();
    for (position, column) in table.columns.iter().enumerate().skip(REV + 1) {
        let (cell, other) = (image.get(position).unwrap_or(&Cell::Null), other.and_then(|other| other.get(position)));
        if other.unwrap_or(&Cell::Null) != cell {
            cells.insert(column.name.to_owned(), spelled(column, cell));
        }
    }
    Value::Object(cells).to_string()
}

fn spelled(column: &Column, cell: &Cell) -> Value {
    match (column.kind, cell) {
        (_, Cell::Null) => Value::Null,
        (_, Cell::Boolean(value)) => Value::Bool(*value),
        (Kind::BigInteger, Cell::Integer(number)) => Value::String(number.to_string()),
        (_, Cell::Integer(number)) => Value::from(*number),
        (Kind::Bytes, Cell::Text(base64)) => Value::String(format!("{} bytes", base64.len() / 4 * 3)),
        (_, Cell::Text(text)) => match text.char_indices().nth(AUDIT_CELL_CHARS) {
            Some((end, _)) => Value::String(format!("{}…", &text[..end])),
            None => Value::String(text.clone()),
        },
    }
}

/// An entry to store.
#[derive(Clone, Debug)]
pub struct Audited<'a> {
    /// The mutation's idempotency key, by which arguments and verdict are found in the ledger.
    pub key: Uuid,
    /// The mutation's RPC path.
    pub name: &'a str,
    /// On whose behalf, if it is somebody else's work.
    pub author_id: Option<Uuid>,
    /// What the device's clock said; none without a device.
    pub clock: Option<ClientContext>,
    /// What about it cannot be, or wants looking at: reasons, `clock.future`, `time.overlaps`.
    pub flags: Vec<&'static str>,
    /// What happened.
    pub change: RowChange,
}

/// The instant as Postgres reads it; none for a clock that stands before the common era.
pub(super) fn storable(instant: Timestamp) -> Option<String> {
    (instant.as_second() >= YEAR_ONE_S).then(|| canonical(instant))
}

#[cfg(test)]
mod tests {
    use satchel_protocol::{Record as _, record};

    use super::*;

    record! {
        /// A table with a branch, money, text and bytes.
        pub struct Sample in "sample" {
            /// The scope.
            pub wall_id: Uuid,
            /// The branch.
            pub branch_id: Uuid,
            /// Money.
            pub price_cents: i64,
            /// Text.
            pub title: Option<String>,
            /// Binary.
            pub scan: Vec<u8>,
        }
        scope: "wall_id";
    }

    const ORG: Uuid = Uuid::from_u128(1);

    fn sample(title: Option<&str>) -> Sample {
        Sample {
            id: satchel_protocol::Id::new(Uuid::from_u128(2)),
            rev: 7,
            wall_id: Uuid::from_u128(3),
            branch_id: Uuid::from_u128(4),
            price_cents: 1 << 60,
            title: title.map(str::to_owned),
            scan: vec![0; 9],
        }
    }

    fn between(before: Option<Sample>, after: Option<Sample>) -> Option<RowChange> {
        let (before, after) = (before.map(|sample| sample.to_row()), after.map(|sample| sample.to_row()));
        let row = RowKey { table: "sample", id: Uuid::from_u128(2) };
        RowChange::between(Sample::TABLE, ORG, row, before.as_ref(), after.as_ref())
    }

    #[test]
    fn an_update_tells_the_cells_that_changed_and_nothing_else() {
        let change = between(Some(sample(Some("old"))), Some(sample(None))).unwrap();
        assert_eq!((change.scope_id, change.branch_id), (Uuid::from_u128(3), Uuid::from_u128(4)));
        assert_eq!(
            (change.before.as_deref(), change.after.as_deref()),
            (Some(r#"{"title":"old"}"#), Some(r#"{"title":null}"#))
        );
    }

    #[test]
    fn a_new_row_is_told_whole_with_long_and_binary_cells_cut() {
        let long = "é".repeat(AUDIT_CELL_CHARS + 1);
        let change = between(None, Some(sample(Some(&long)))).unwrap();
        assert_eq!((change.change, change.before), (Change::Insert, None));
        let after: Value = serde_json::from_str(&change.after.unwrap()).unwrap();
        assert_eq!(after["price_cents"], json!((1_i64 << 60).to_string()));
        assert_eq!(after["scan"], json!("9 bytes"));
        assert_eq!(after["title"].as_str().unwrap().chars().count(), AUDIT_CELL_CHARS + 1);
        assert!(after.get("id").is_none() && after.get("rev").is_none());
        assert_eq!(between(None, None), None);
    }

    #[test]
    fn a_clock_that_cannot_be_stored_is_left_out() {
        assert_eq!(storable(Timestamp::MIN), None);
        assert!(storable(Timestamp::MAX).is_some() && storable(Timestamp::UNIX_EPOCH).is_some());
    }
}
