//! Why a row of a file is not a job.

use serde::Serialize;

/// A row that was not imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The line of the file at which the row starts, from 1.
    pub line: u64,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
}

/// Why a row is not a job. Names columns, never what stands in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// Too few or too many fields; often a stray quote.
    #[error("the row has {found} fields, the header {expected}: look for a stray quote or separator")]
    FieldCount {
        /// Fields of the header.
        expected: usize,
        /// Fields of the row.
        found: usize,
    },
    /// Bytes that are no text.
    #[error("column {column} is not UTF-8 text: save the file as UTF-8")]
    NotText {
        /// The column.
        column: String,
    },
    /// Characters no database text can hold.
    #[error("column {column} holds a zero byte")]
    ZeroByte {
        /// The column.
        column: String,
    },
    /// A field that must be filled is empty.
    #[error("column {column} is empty")]
    Empty {
        /// The column.
        column: String,
    },
    /// Longer than a job can hold.
    #[error("column {column} is longer than {limit_chars} characters")]
    TooLong {
        /// The column.
        column: String,
        /// The limit.
        limit_chars: usize,
    },
    /// There is no place to send anybody to.
    #[error("column {column} says that there is no address")]
    NoAddress {
        /// The column.
        column: String,
    },
    /// Not a date.
    #[error("column {column} is not a date and time, such as 2026-11-21 10:47:00+00:00")]
    NotADate {
        /// The column.
        column: String,
    },
    /// Times that cannot both be right.
    #[error("it was closed before it was opened")]
    ClosedBeforeOpened,
    /// Not a coordinate.
    #[error("column {column} is not a number of degrees in range")]
    NotACoordinate {
        /// The column.
        column: String,
    },
    /// The same number twice in the file.
    #[error("line {first_line} has the same job number")]
    RepeatedNumber {
        /// Where the number stands first.
        first_line: u64,
    },
    /// The number is taken.
    #[error("a job with this number is already there")]
    AlreadyThere,
}

impl Reason {
    /// The reason without its particulars, for counting.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::FieldCount { .. } => "field_count",
            Self::NotText { .. } => "not_text",
            Self::ZeroByte { .. } => "zero_byte",
            Self::Empty { .. } => "empty",
            Self::TooLong { .. } => "too_long",
            Self::NoAddress { .. } => "no_address",
            Self::NotADate { .. } => "not_a_date",
            Self::ClosedBeforeOpened => "closed_before_opened",
            Self::NotACoordinate { .. } => "not_a_coordinate",
            Self::RepeatedNumber { .. } => "repeated_number",
            Self::AlreadyThere => "already_there",
        }
    }
}
