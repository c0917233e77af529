//! A fresh file in place of a damaged one.
//!
//! Invariants:
//! - The damaged file is kept beside the fresh one, under a name of its own, with its log: nothing in it is changed.
//! - At every moment the unsent work is in the file that the next start opens, or in one that start puts in its place:
//!   the fresh file is made whole under another name, and renaming it is the step that counts.
//! - What reads back is taken as it is; whether that is all is told.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags, Row, types::FromSql};
use satchel_protocol::wire::Outcome;
use satchel_rescue::RescuedMutation;
use serde_json::value::RawValue;

use super::{
    FileKey, key, migrate, open,
    table::{read_optional, read_uuid},
};
use crate::{error::StoreError, store::Identity};

/// Damaged files kept beside one replica.
const KEPT_MAX: u32 = 1_000;
/// Positions of a damaged stretch that are asked for one by one.
const PROBES_MAX: i64 = 100_000;
/// What SQLite keeps beside a file.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];
/// The fresh file while it is made.
const PART: &str = ".fresh-part";
/// The fresh file once it is whole.
const WHOLE: &str = ".fresh";

/// Files of the first build know no links.
const LINKS: [&str; 2] = ["retry_of", "null"];

/// A salvage under way.
pub(crate) struct Salvage {
    path: PathBuf,
    kept_at: PathBuf,
    key: Option<FileKey>,
    // Keeps others off the file.
    _lock: File,
}

/// What it still gives.
#[derive(Default)]
pub(crate) struct Found {
    /// Whose it was, if that can be read.
    pub(crate) owner: Option<Identity>,
    /// Work without a verdict, and refused work, in order.
    pub(crate) mutations: Vec<RescuedMutation>,
    /// Whether all of the queue reads back.
    pub(crate) complete: bool,
}

/// An entry that reads back: its position, and the mutation unless the server has accepted it.
type Entry = (i64, Option<RescuedMutation>);

impl Salvage {
    /// Keeps the damaged file and its companions under the first free name beside it, too.
    pub(crate) fn begin(path: &Path, key: Option<FileKey>) -> Result<Self, StoreError> {
        let lock = open::lock(path)?;
        complete(path)?;
        discard(&with_suffix(path, PART))?;
        let kept_at = (1..=KEPT_MAX)
            .map(|number| with_suffix(path, &format!(".damaged-{number}")))
            .find(|free| !free.exists())
            .ok_or_else(|| failed(path, io::ErrorKind::AlreadyExists.into()))?;
        for suffix in COMPANIONS.into_iter().chain([""]) {
            let (from, to) = (with_suffix(path, suffix), with_suffix(&kept_at, suffix));
            // Not every file system of a phone has links.
            let kept = fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(drop));
            match kept {
                Err(error) if error.kind() == io::ErrorKind::NotFound && !suffix.is_empty() => {}
                kept => kept.map_err(|error| failed(path, error))?,
            }
        }
        Ok(Self { path: path.to_owned(), kept_at, key, _lock: lock })
    }

    /// Where the fresh file is to be made.
    pub(crate) fn part(&self) -> PathBuf {
        with_suffix(&self.path, PART)
    }

    /// Everything that can still be read.
    pub(crate) fn found(&self) -> Found {
        let found = read_file(&self.kept_at, self.key.as_ref());
        // Without its list of tables nothing in the file is found by name.
        let named = found.as_ref().is_some_and(|found| found.complete || !found.mutations.is_empty());
        let found = if named { found } else { self.unlisted().or(found) };
        found.unwrap_or_default()
    }

    /// Reads a copy of the file whose list of tables is replaced by that of a new file, whose bookkeeping stands on the
    /// same pages: it is made first, by scripts that never change. The first page of an encrypted file belongs to that file
    /// alone, so nothing is read of one that lost it.
    fn unlisted(&self) -> Option<Found> {
        if self.key.is_some() {
            return None;
        }
        let (copy, new) = (with_suffix(&self.path, ".fresh-copy"), with_suffix(&self.path, ".fresh-list"));
        let found = relist(&self.kept_at, &copy, &new).and_then(|()| read_file(&copy, None));
        // What cannot be removed is overwritten by the next salvage.
        let _ = discard(&copy).and_then(|()| discard(&new));
        found
    }

    /// Leaves everything as it was.
    pub(crate) fn abandon(self) -> Result<(), StoreError> {
        discard(&self.kept_at)
    }

    /// Puts the fresh file, whole and closed, in the place of the damaged one.
    pub(crate) fn finish(self) -> Result<PathBuf, StoreError> {
        let part = self.part();
        fs::rename(&part, with_suffix(&self.path, WHOLE)).map_err(|error| failed(&self.path, error))?;
        complete(&self.path)?;
        discard(&part)?;
        Ok(self.kept_at)
    }
}

/// Puts a whole fresh file in its place, should a salvage have been broken off there.
pub(in crate::db) fn complete(path: &Path) -> Result<(), StoreError> {
    let whole = with_suffix(path, WHOLE);
    if !whole.exists() {
        return Ok(());
    }
    for companion in COMPANIONS {
        remove(&with_suffix(path, companion))?;
    }
    fs::rename(whole, path).map_err(|error| failed(path, error))
}

/// Removes a file with what SQLite and the lock keep beside it.
fn discard(path: &Path) -> Result<(), StoreError> {
    for suffix in COMPANIONS.into_iter().chain([".lock", ""]) {
        remove(&with_suffix(path, suffix))?;
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path, error)),
        _ => Ok(()),
    }
}

fn read_file(path: &Path, key: Option<&FileKey>) -> Option<Found> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).ok()?;
    key::unlock(&connection, key).ok()?;
    let owner: Option<String> =
        connection.query_row("select value from _meta where name = 'identity'", [], |row| row.get(0)).ok();
    let (entries, complete) = entries(&connection);
    let owner = owner.and_then(|text| serde_json::from_str(&text).ok());
    Some(Found { owner, mutations: entries.into_iter().filter_map(|entry| entry.1).collect(), complete })
}

/// Makes `copy` of a damaged file with the first page of `new`, whose list names the bookkeeping alone.
fn relist(damaged: &Path, copy: &Path, new: &Path) -> Option<()> {
    discard(copy).and_then(|()| discard(new)).ok()?;
    for suffix in ["", "-wal"] {
        let (from, to) = (with_suffix(damaged, suffix), with_suffix(copy, suffix));
        if from.exists() {
            fs::copy(from, to).ok()?;
        }
    }
    // Opened and closed, the log is in the file, if it can be: without its first page, it cannot.
    let _ = Connection::open(copy).ok()?.query_row("pragma user_version", [], |_| Ok(()));
    let _ = fs::remove_file(with_suffix(copy, "-wal"));
    let mut list = Connection::open(new).ok()?;
    migrate::migrate(&mut list).ok()?;
    let page_bytes: u32 = list.query_row("pragma page_size", [], |row| row.get(0)).ok()?;
    list.close().ok()?;
    let mut page = fs::read(new).ok()?;
    page.truncate(page_bytes as usize);
    let pages = u32::try_from(fs::metadata(copy).ok()?.len() / u64::from(page_bytes)).ok()?;
    // The size of the file in pages, at byte 28 of the header (SQLite's file format, section 1.3.7).
    page.get_mut(28..32)?.copy_from_slice(&pages.to_be_bytes());
    let mut file = File::options().write(true).open(copy).ok()?;
    file.write_all(&page).ok()
}

/// From both ends up to the damage, then the stretch between one by one; and whether that is all.
fn entries(connection: &Connection) -> (Vec<Entry>, bool) {
    let select = |link: &&str| format!("select local_order, key, name, args, context, outcome, {link} from _queue");
    let Some(select) = LINKS.iter().map(select).find(|select| connection.prepare(select).is_ok()) else {
        return (Vec::new(), false);
    };
    let (mut entries, whole) = scan(connection, &select, "asc");
    if whole {
        return (entries, true);
    }
    let (mut rest, _) = scan(connection, &select, "desc");
    rest.reverse();
    let first = entries.last().map_or(1, |entry| entry.0 + 1);
    rest.retain(|entry| entry.0 >= first);
    let end = rest.first().map_or(first + PROBES_MAX, |entry| entry.0).min(first + PROBES_MAX);
    if let Ok(mut statement) = connection.prepare(&format!("{select} where local_order = ?1")) {
        for position in first..end {
            entries.extend(statement.query_row([position], |row| Ok(read(row))).ok().flatten());
        }
    }
    entries.append(&mut rest);
    (entries, false)
}

/// The entries in one direction up to the damage, and whether there was none.
fn scan(connection: &Connection, select: &str, direction: &str) -> (Vec<Entry>, bool) {
    let mut entries = Vec::new();
    let Ok(mut statement) = connection.prepare(&format!("{select} order by local_order {direction}")) else {
        return (entries, false);
    };
    let Ok(mut rows) = statement.query([]) else { return (entries, false) };
    let mut whole = true;
    loop {
        match rows.next() {
            Ok(Some(row)) => match read(row) {
                Some(entry) => entries.push(entry),
                None => whole = false,
            },
            Ok(None) => return (entries, whole),
            Err(_) => return (entries, false),
        }
    }
}

fn read(row: &Row<'_>) -> Option<Entry> {
    fn cell<T: FromSql>(row: &Row<'_>, position: usize) -> Option<T> {
        row.get(position).ok()
    }
    let order = cell(row, 0)?;
    let outcome: Option<Outcome> =
        cell::<Option<String>>(row, 5).flatten().and_then(|text| serde_json::from_str(&text).ok());
    if matches!(outcome, Some(Outcome::Accepted { .. } | Outcome::Expired)) {
        return Some((order, None));
    }
    let raw = |position| RawValue::from_string(cell(row, position)?).ok();
    let mutation = RescuedMutation {
        key: read_uuid(row.get_ref(1).ok()?).ok()?,
        name: cell(row, 2)?,
        args: raw(3)?,
        context: raw(4)?,
        retry_of: read_optional(row.get_ref(6).ok()?).ok()?,
    };
    Some((order, Some(mutation)))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn failed(path: &Path, source: io::Error) -> StoreError {
    StoreError::CannotOpen { path: path.to_owned(), source }
}
