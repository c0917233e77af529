//! One row of a file, read as a job or refused.

use csv::ByteRecord;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use rust_decimal::{Decimal, RoundingStrategy};
use satchel_domain::rules::limits::{DESCRIPTION_CHARS, NUMBER_CHARS, TITLE_CHARS};

use super::{
    Reason,
    columns::{Column, Columns},
};

/// Characters of the longest address, status or customer name.
pub const LINE_CHARS: usize = 300;

/// Decimals of a coordinate: about ten centimetres.
const COORDINATE_DECIMALS: u32 = 6;

/// A row that can become a job.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) line: u64,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) customer: String,
    pub(super) address: String,
    pub(super) coordinates: Option<(Decimal, Decimal)>,
    pub(super) opened: Timestamp,
    pub(super) closed: Option<Timestamp>,
    pub(super) done: bool,
}

/// Reads rows by the columns of a file, times without an offset in a zone.
pub(super) struct Reader {
    pub(super) columns: Columns,
    pub(super) zone: TimeZone,
}

impl Reader {
    pub(super) fn read(&self, line: u64, record: &ByteRecord) -> Result<Candidate, Reason> {
        let columns = &self.columns;
        if record.len() != columns.names.len() {
            return Err(Reason::FieldCount { expected: columns.names.len(), found: record.len() });
        }
        let number = filled(record, &columns.number, NUMBER_CHARS)?;
        let address = filled(record, &columns.address, LINE_CHARS)?;
        if columns.no_address_values.iter().any(|value| value.eq_ignore_ascii_case(&address)) {
            return Err(Reason::NoAddress { column: columns.address.name.clone() });
        }
        let opened = self
            .instant(record, &columns.opened)?
            .ok_or_else(|| Reason::Empty { column: columns.opened.name.clone() })?;
        let closed = columns.closed.as_ref().map_or(Ok(None), |column| self.instant(record, column))?;
        if closed.is_some_and(|closed| closed < opened) {
            return Err(Reason::ClosedBeforeOpened);
        }
        let status = optional_line(record, columns.status.as_ref())?;
        let says_done = columns.closed_values.iter().any(|value| value.eq_ignore_ascii_case(&status));
        let customer = optional_line(record, columns.customer.as_ref())?;
        Ok(Candidate {
            line,
            number,
            title: title(record, &columns.title)?,
            description: description(record, &columns.description, opened, closed)?,
            customer: if customer.is_empty() { columns.customer_name.clone() } else { customer },
            address,
            coordinates: coordinates(record, columns.latitude.as_ref(), columns.longitude.as_ref())?,
            opened,
            closed,
            done: says_done || closed.is_some(),
        })
    }

    fn instant(&self, record: &ByteRecord, column: &Column) -> Result<Option<Timestamp>, Reason> {
        let text = text(record, column)?.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let local = |at: DateTime| at.to_zoned(self.zone.clone()).ok().map(|zoned| zoned.timestamp());
        text.parse::<Timestamp>()
            .ok()
            .or_else(|| text.parse::<DateTime>().ok().and_then(local))
            // What spreadsheets in the United States write.
            .or_else(|| DateTime::strptime("%m/%d/%Y %I:%M:%S %p", text).ok().and_then(local))
            .map(Some)
            .ok_or_else(|| Reason::NotADate { column: column.name.clone() })
    }
}

/// A field as it stands.
fn text<'a>(record: &'a ByteRecord, column: &Column) -> Result<&'a str, Reason> {
    let bytes = record.get(column.position).unwrap_or_default();
    let text = std::str::from_utf8(bytes).map_err(|_| Reason::NotText { column: column.name.clone() })?;
    if text.contains('\0') {
        return Err(Reason::ZeroByte { column: column.name.clone() });
    }
    Ok(text)
}

/// A field with every run of white space made one space.
fn line(record: &ByteRecord, column: &Column, limit_chars: usize) -> Result<String, Reason> {
    let text = text(record, column)?.split_whitespace().collect::<Vec<_>>().join(" ");
    bounded(text, &column.name, limit_chars)
}

fn bounded(text: String, column: &str, limit_chars: usize) -> Result<String, Reason> {
    if text.chars().nth(limit_chars).is_some() {
        return Err(Reason::TooLong { column: column.to_owned(), limit_chars });
    }
    Ok(text)
}

fn filled(record: &ByteRecord, column: &Column, limit_chars: usize) -> Result<String, Reason> {
    let text = line(record, column, limit_chars)?;
    if text.is_empty() { Err(Reason::Empty { column: column.name.clone() }) } else { Ok(text) }
}

fn optional_line(record: &ByteRecord, column: Option<&Column>) -> Result<String, Reason> {
    column.map_or(Ok(String::new()), |column| line(record, column, LINE_CHARS))
}

/// The columns joined; one that the next repeats is left out ("Glazier", "Glazier - Routine").
fn title(record: &ByteRecord, columns: &[Column]) -> Result<String, Reason> {
    let mut parts: Vec<String> = Vec::new();
    for column in columns {
        let part = line(record, column, TITLE_CHARS)?;
        if parts.last().is_some_and(|last| part.starts_with(last.as_str())) {
            parts.pop();
        }
        if !part.is_empty() {
            parts.push(part);
        }
    }
    let first = &columns[0].name;
    match parts.join(": ") {
        title if title.is_empty() => Err(Reason::Empty { column: first.clone() }),
        title => bounded(title, first, TITLE_CHARS),
    }
}

/// When it was opened and closed, then the columns as paragraphs, line breaks as they are.
fn description(
    record: &ByteRecord,
    columns: &[Column],
    opened: Timestamp,
    closed: Option<Timestamp>,
) -> Result<String, Reason> {
    let mut description = format!("Opened {opened}.");
    if let Some(closed) = closed {
        description.push_str(&format!(" Closed {closed}."));
    }
    for column in columns {
        let paragraph = text(record, column)?.replace("\r\n", "\n").replace('\r', "\n");
        if !paragraph.trim().is_empty() {
            description.push_str("\n\n");
            description.push_str(paragraph.trim());
        }
    }
    let name = columns.first().map_or("", |column| &column.name);
    bounded(description, name, DESCRIPTION_CHARS)
}

/// Both or neither; 0, 0 in the Gulf of Guinea is how many systems spell neither.
fn coordinates(
    record: &ByteRecord,
    latitude: Option<&Column>,
    longitude: Option<&Column>,
) -> Result<Option<(Decimal, Decimal)>, Reason> {
    let (Some(latitude), Some(longitude)) = (latitude, longitude) else { return Ok(None) };
    let north = degrees(record, latitude, 90)?;
    let east = degrees(record, longitude, 180)?;
    Ok(north.zip(east).filter(|(north, east)| !(north.is_zero() && east.is_zero())))
}

fn degrees(record: &ByteRecord, column: &Column, most: i64) -> Result<Option<Decimal>, Reason> {
    let text = text(record, column)?.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let most = Decimal::from(most);
    text.parse::<Decimal>()
        .ok()
        .filter(|degrees| degrees.abs() <= most)
        .map(|degrees| {
            let mut rounded =
                degrees.round_dp_with_strategy(COORDINATE_DECIMALS, RoundingStrategy::MidpointAwayFromZero);
            rounded.rescale(COORDINATE_DECIMALS);
            Some(rounded)
        })
        .ok_or_else(|| Reason::NotACoordinate { column: column.name.clone() })
}
