//! Rows as Postgres sends them, in its binary format, spelled as the wire spells them.
//!
//! Invariants:
//! - A value has one spelling, whether it leaves as JSON for a replica or as a [`Cell`] for a rule: the canonical one of
//!   [`Kind`].
//! - Rows are not built on the way to a replica: their bytes are spelled into the page as they come.
//!
//! Spelling a row here takes a fifth of the time that Postgres takes to do it in SQL.

use std::io::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp, civil::Date};
use satchel_protocol::{Cell, Column, Kind, Row, ShapeError, Table, table::ID};
use sqlx::{Row as _, ValueRef as _, postgres::PgRow};
use uuid::Uuid;

/// Postgres counts time from here.
const EPOCH: Date = Date::constant(2000, 1, 1);
/// The same, in microseconds since 1970.
const EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;

/// Appends a row as a JSON array, and gives its id. `from` is the position of the table's first column in `row`.
///
/// # Errors
/// When the columns are not those of the table.
pub fn write_json(table: &Table, row: &PgRow, from: usize, json: &mut Vec<u8>) -> Result<Uuid, ShapeError> {
    let mut id = None;
    json.push(b'[');
    for (position, column) in table.columns.iter().enumerate() {
        if position > 0 {
            json.push(b',');
        }
        let shape = || ShapeError::new(format!("{}.{}", table.name, column.name), format!("{:?}", column.kind));
        let bytes = bytes(row, from + position).ok_or_else(shape)?;
        if position == ID {
            id = bytes.and_then(|bytes| Uuid::from_slice(bytes).ok());
        }
        json_cell(column.kind, bytes, json).ok_or_else(shape)?;
    }
    json.push(b']');
    id.ok_or_else(|| ShapeError::new(table.name, "an id"))
}

/// Reads a row as cells, with its id. `from` is the position of the table's first column in `row`.
///
/// # Errors
/// When the columns are not those of the table.
pub fn read_row(table: &Table, row: &PgRow, from: usize) -> Result<(Uuid, Row), ShapeError> {
    let cell = |(position, column): (usize, &Column)| {
        let shape = || ShapeError::new(format!("{}.{}", table.name, column.name), format!("{:?}", column.kind));
        bytes(row, from + position).and_then(|bytes| cell(column.kind, bytes)).ok_or_else(shape)
    };
    let row = table.columns.iter().enumerate().map(cell).collect::<Result<Row, ShapeError>>()?;
    let id = row.get(ID).and_then(Cell::as_uuid).ok_or_else(|| ShapeError::new(table.name, "an id"))?;
    Ok((id, row))
}

/// The value at a position: `None` when there is no such column, `Some(None)` when it is null.
fn bytes(row: &PgRow, position: usize) -> Option<Option<&[u8]>> {
    let value = row.try_get_raw(position).ok()?;
    if value.is_null() { Some(None) } else { value.as_bytes().ok().map(Some) }
}

fn cell(kind: Kind, bytes: Option<&[u8]>) -> Option<Cell> {
    let Some(bytes) = bytes else { return Some(Cell::Null) };
    Some(match kind {
        Kind::Boolean => Cell::Boolean(boolean(bytes)?),
        Kind::Integer => Cell::Integer(integer(bytes)?.into()),
        Kind::BigInteger => Cell::Integer(big_integer(bytes)?),
        _ => {
            let mut text = Vec::with_capacity(bytes.len());
            spell(kind, bytes, &mut text)?;
            Cell::Text(String::from_utf8(text).ok()?)
        }
    })
}

fn json_cell(kind: Kind, bytes: Option<&[u8]>, json: &mut Vec<u8>) -> Option<()> {
    let Some(bytes) = bytes else {
        json.extend_from_slice(b"null");
        return Some(());
    };
    match kind {
        Kind::Text => serde_json::to_writer(json, std::str::from_utf8(bytes).ok()?).ok(),
        Kind::Boolean | Kind::Integer => spell(kind, bytes, json),
        _ => {
            json.push(b'"');
            spell(kind, bytes, json)?;
            json.push(b'"');
            Some(())
        }
    }
}

/// Appends a value's text, without quotes.
fn spell(kind: Kind, bytes: &[u8], text: &mut Vec<u8>) -> Option<()> {
    match kind {
        Kind::Text => text.extend_from_slice(bytes),
        Kind::Id => {
            let id = Uuid::from_slice(bytes).ok()?;
            text.extend_from_slice(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
        }
        Kind::Boolean => text.extend_from_slice(if boolean(bytes)? { b"true" } else { b"false" }),
        Kind::Integer => write!(text, "{}", integer(bytes)?).ok()?,
        Kind::BigInteger => write!(text, "{}", big_integer(bytes)?).ok()?,
        Kind::Decimal => decimal(bytes, text)?,
        Kind::Timestamp => {
            let microseconds = big_integer(bytes)?.saturating_add(EPOCH_MICROSECONDS);
            // Postgres also knows infinity, and years that nobody will see.
            let furthest = if microseconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
            write!(text, "{:.6}", Timestamp::from_microsecond(microseconds).unwrap_or(furthest)).ok()?;
        }
        Kind::Date => {
            let days = integer(bytes)?;
            let furthest = if days < 0 { Date::MIN } else { Date::MAX };
            write!(text, "{}", EPOCH.checked_add(SignedDuration::from_hours(i64::from(days) * 24)).unwrap_or(furthest))
                .ok()?;
        }
        Kind::Bytes => {
            let start = text.len();
            text.resize(start + bytes.len().div_ceil(3) * 4, 0);
            STANDARD.encode_slice(bytes, &mut text[start..]).ok()?;
        }
    }
    Some(())
}

fn boolean(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [byte] => Some(*byte != 0),
        _ => None,
    }
}

fn integer(bytes: &[u8]) -> Option<i32> {
    bytes.try_into().ok().map(i32::from_be_bytes)
}

fn big_integer(bytes: &[u8]) -> Option<i64> {
    bytes.try_into().ok().map(i64::from_be_bytes)
}

/// A `numeric`: how many groups of four digits there are, the power of 10,000 of the first, the sign, the decimals
/// shown; then the groups.
fn decimal(bytes: &[u8], text: &mut Vec<u8>) -> Option<()> {
    const NEGATIVE: u16 = 0x4000;
    const POSITIVE: u16 = 0;
    const GROUP_DIGITS: usize = 4;
    let word = |position: usize| bytes.get(position * 2..position * 2 + 2)?.try_into().ok().map(u16::from_be_bytes);
    let (groups, weight, sign, decimals) = (word(0)?, word(1)?.cast_signed(), word(2)?, usize::from(word(3)?));
    let group = |power: i32| match usize::try_from(i32::from(weight) - power) {
        Ok(place) if place < usize::from(groups) => word(4 + place),
        _ => Some(0),
    };
    match sign {
        POSITIVE => {}
        NEGATIVE => text.push(b'-'),
        _ => {
            text.extend_from_slice(b"NaN");
            return Some(());
        }
    }
    write!(text, "{}", group(i32::from(weight.max(0)))?).ok()?;
    for power in (0..i32::from(weight)).rev() {
        write!(text, "{:04}", group(power)?).ok()?;
    }
    if decimals > 0 {
        text.push(b'.');
        let end = text.len() + decimals;
        for power in 1..=i32::try_from(decimals.div_ceil(GROUP_DIGITS)).ok()? {
            write!(text, "{:04}", group(-power)?).ok()?;
        }
        text.truncate(end);
    }
    Some(())
}
