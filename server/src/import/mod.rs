//! Jobs from a file of somebody else's system.
//!
//! Invariants:
//! - Every row of the file is either imported or refused with its line and a reason; nothing is skipped in silence.
//! - A row that was imported before is refused as already there, by its job number: running an import again adds what
//!   is new and changes nothing.
//! - All or nothing: an import that breaks off leaves no trace.
//! - Only the file's own contents and the options decide; rows are read as bytes, so that one broken row cannot hide
//!   those after it.

mod assign;
mod columns;
mod refusal;
mod row;
mod write;

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use csv::{ByteRecord, ReaderBuilder};
use jiff::{civil::Date, tz::TimeZone};
use serde::Serialize;
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use uuid::Uuid;

use self::{
    row::{Candidate, Reader},
    write::Writer,
};

pub use self::{
    columns::{Mapping, Preset},
    refusal::{Reason, Refused},
    row::LINE_CHARS,
};

/// Rows looked up and written at a time.
const CHUNK_ROWS: usize = 5_000;

/// What to do with a file's rows.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The organization that gets the jobs.
    pub org_id: Uuid,
    /// Its branch; without one, the first by name.
    pub branch_id: Option<Uuid>,
    /// Which column means what.
    pub mapping: Mapping,
    /// Who gets the jobs.
    pub assign: Assign,
    /// Takes work that is done for work to be done: the history of another system becomes a load for trials.
    pub reopen: bool,
    /// The first day of visits made for open jobs.
    pub first_day: Date,
}

/// Who gets the jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assign {
    /// Nobody yet; a dispatcher decides.
    Nobody,
    /// In turn, so many technicians.
    To(u32),
    /// In turn, all active technicians.
    RoundRobin,
}

/// What became of a file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Imported {
    /// Rows of the file; always `imported` and those `refused` together.
    pub total: u64,
    /// Rows that are jobs now.
    pub imported: u64,
    /// Of these, jobs with nowhere to show on a map.
    pub without_coordinates: u64,
    /// Of these, jobs that have been given to a technician.
    pub assigned: u64,
    /// How many technicians got some.
    pub technicians: u64,
    /// Rows that are not.
    pub refused: Vec<Refused>,
}

impl Imported {
    /// How many rows were refused for each kind of reason.
    pub fn refused_by_reason(&self) -> BTreeMap<&'static str, u64> {
        let mut counts = BTreeMap::new();
        for refused in &self.refused {
            *counts.entry(refused.reason.kind()).or_default() += 1;
        }
        counts
    }
}

/// How far an import has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Bytes of the file that have been dealt with.
    pub bytes: u64,
    /// Bytes of the file.
    pub bytes_total: u64,
}

/// Why a file could not be imported at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("cannot read {}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The file has not even a header.
    #[error("{} is empty: its first line must name the columns", .0.display())]
    NoHeader(PathBuf),
    /// A flag names a column that the file lacks.
    #[error("the file has no column {column:?}; it has: {}", .columns.join(", "))]
    NoSuchColumn {
        /// The column asked for.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// A job needs this column, and no flag names it.
    #[error("{flag} COLUMN is needed, or a --preset; the file has: {}", .columns.join(", "))]
    Unmapped {
        /// The flag.
        flag: &'static str,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// There is no such organization.
    #[error("there is no organization {0}")]
    NoSuchOrganization(Uuid),
    /// There is no such branch, or the organization has none.
    #[error("the organization has no such branch: name one of its branches with --branch")]
    NoSuchBranch,
    /// Fewer technicians than asked for.
    #[error("the organization has {found} active technicians, not {asked}")]
    TooFewTechnicians {
        /// How many there are.
        found: u64,
        /// How many were asked for.
        asked: u64,
    },
    /// A branch's time zone is unknown to this program.
    #[error("the branch's time zone is not in the IANA database")]
    UnknownZone,
    /// A date beyond what calendars hold.
    #[error("--first-day is too far from the present")]
    DateOutOfRange,
    /// Postgres refused.
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
}

/// Imports a file of jobs. `admin` must be allowed to bypass row-level security.
///
/// # Errors
/// [`ImportError`]; nothing was written then.
pub async fn import_jobs(
    admin: &PgConnectOptions,
    path: &Path,
    options: ImportOptions,
    mut progress: impl FnMut(Progress),
) -> Result<Imported, ImportError> {
    let file = |source| ImportError::File { path: path.to_owned(), source };
    let opened = File::open(path).map_err(file)?;
    let bytes_total = opened.metadata().map_err(file)?.len();
    let mut source = ReaderBuilder::new().flexible(true).from_reader(BufReader::new(opened));
    let header = source.byte_headers().map_err(|error| file(error.into()))?.clone();
    if header.is_empty() {
        return Err(ImportError::NoHeader(path.to_owned()));
    }
    let columns = options.mapping.clone().find(&header)?;

    let mut connection = PgConnection::connect_with(admin).await?;
    let mut transaction = connection.begin().await?;
    let mut writer = Writer::open(&options, &mut transaction).await?;
    let zone = TimeZone::get(writer.zone()).map_err(|_| ImportError::UnknownZone)?;
    let reader = Reader { columns, zone };
    let mut imported = Imported::default();
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut record = ByteRecord::new();
    let mut chunk: Vec<Candidate> = Vec::new();
    loop {
        let more = source.read_byte_record(&mut record).map_err(|error| file(error.into()))?;
        if more {
            imported.total += 1;
            let line = record.position().map_or(0, csv::Position::line);
            let known = &mut seen;
            match reader.read(line, &record).and_then(|candidate| first_of_its_number(candidate, known)) {
                Ok(candidate) => chunk.push(candidate),
                Err(reason) => imported.refused.push(Refused { line, reason }),
            }
        }
        if chunk.len() >= CHUNK_ROWS || !more {
            writer.write(std::mem::take(&mut chunk), &mut imported, &mut transaction).await?;
            progress(Progress { bytes: source.position().byte(), bytes_total });
        }
        if !more {
            break;
        }
    }
    transaction.commit().await?;
    connection.close().await?;
    imported.technicians = writer.technicians_used();
    imported.refused.sort_by_key(|refused| refused.line);
    Ok(imported)
}

fn first_of_its_number(candidate: Candidate, seen: &mut HashMap<String, u64>) -> Result<Candidate, Reason> {
    if let Some(&first_line) = seen.get(&candidate.number) {
        return Err(Reason::RepeatedNumber { first_line });
    }
    seen.insert(candidate.number.clone(), candidate.line);
    Ok(candidate)
}
