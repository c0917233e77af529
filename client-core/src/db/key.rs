//! The key of an encrypted replica file (SQLCipher).
//!
//! Invariants:
//! - A file is read and written under its key before anything else is asked of the connection.
//! - A key given to a build that cannot encrypt is an error: nothing is written in the clear by mistake.
//! - A key that does not open the file is [`StoreError::WrongKey`], never `Corrupt`: nobody repairs what only lacks its key.

use std::{fmt, path::PathBuf};

use rusqlite::{Connection, ErrorCode};
use zeroize::Zeroizing;

use crate::error::StoreError;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// The key of a replica file: 256 random bits that the app keeps in the platform's keystore. Overwritten in memory when
/// dropped; never printed.
#[derive(Clone)]
pub struct FileKey(Zeroizing<[u8; KEY_BYTES]>);

impl FileKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// As SQLCipher takes a key that needs no derivation: `x'...'` in hex.
    fn literal(&self) -> Zeroizing<String> {
        // Made whole at once, so that no shorter copy is left behind.
        let mut text = Zeroizing::new(String::with_capacity(3 + 2 * KEY_BYTES));
        text.push_str("x'");
        for byte in self.0.iter() {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
            }
        }
        text.push('\'');
        text
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey(..)")
    }
}

/// Whether this build encrypts.
const ENCRYPTS: bool = cfg!(feature = "encrypted");

/// [`StoreError::CannotEncrypt`] for a key that this build has no use for.
pub(crate) fn usable(key: Option<&FileKey>) -> Result<(), StoreError> {
    if key.is_some() && !ENCRYPTS { Err(StoreError::CannotEncrypt) } else { Ok(()) }
}

/// Gives a fresh connection its key, if there is one, and sees whether the file opens so.
pub(in crate::db) fn unlock(connection: &Connection, key: Option<&FileKey>) -> Result<(), StoreError> {
    usable(key)?;
    if !ENCRYPTS {
        return Ok(());
    }
    // What goes wrong comes back as an error; SQLCipher would print it, too, a line for every page tried.
    connection.pragma_update(None, "cipher_log_level", "NONE")?;
    if let Some(key) = key {
        connection.pragma_update(None, "key", key.literal().as_str())?;
    }
    match connection.query_row("select count(*) from sqlite_schema", [], |_| Ok(())) {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            Err(StoreError::WrongKey { path: PathBuf::new() })
        }
        looked => Ok(looked?),
    }
}
