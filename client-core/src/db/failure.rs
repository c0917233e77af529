//! From SQLite's errors to the store's. The one conversion point.

use std::path::{Path, PathBuf};

use rusqlite::{Error, ErrorCode};
use satchel_protocol::ShapeError;

use crate::error::StoreError;

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let path = PathBuf::new();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt { path, source: Some(Box::new(error)) }
            }
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path },
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse { path },
            _ => Self::Storage(Box::new(error)),
        }
    }
}

impl StoreError {
    /// Names the file, where the error has a place for it and none yet.
    pub(crate) fn at(mut self, file: &Path) -> Self {
        if let Self::Corrupt { path, .. } | Self::ReadOnly { path } | Self::InUse { path } | Self::WrongKey { path } =
            &mut self
            && path.as_os_str().is_empty()
        {
            *path = file.to_owned();
        }
        self
    }
}

/// Bookkeeping that does not read back as it was written: the file is damaged.
pub(in crate::db) fn damaged(what: &str) -> StoreError {
    StoreError::Corrupt { path: PathBuf::new(), source: Some(Box::new(ShapeError::new(what, "what was written"))) }
}
