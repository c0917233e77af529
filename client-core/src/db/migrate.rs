//! Versions of the bookkeeping tables.
//!
//! Invariants: a script is never edited once landed; script and version number commit together; a file from a newer
//! build is left untouched.

use rusqlite::Connection;

use crate::error::StoreError;

/// Script N makes version N + 1.
const SCRIPTS: &[&str] = &[
    include_str!("../../../migrations/sqlite/0001_bookkeeping.sql"),
    include_str!("../../../migrations/sqlite/0002_holds.sql"),
    include_str!("../../../migrations/sqlite/0003_office.sql"),
];

/// The version this build reads and writes.
pub(crate) const VERSION: u32 = SCRIPTS.len() as u32;

/// The version of the file; refuses a newer one.
pub(in crate::db) fn version(connection: &Connection) -> Result<u32, StoreError> {
    let found = connection.query_row("pragma user_version", [], |row| row.get(0))?;
    if found > VERSION { Err(StoreError::NewerVersion { found, known: VERSION }) } else { Ok(found) }
}

/// Brings the file to [`VERSION`].
pub(in crate::db) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let found = version(connection)?;
    for (version, script) in (1_u32..).zip(SCRIPTS).skip(found as usize) {
        let tx = connection.transaction()?;
        tx.execute_batch(script)?;
        tx.pragma_update(None, "user_version", version)?;
        tx.commit()?;
    }
    Ok(())
}
