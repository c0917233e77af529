//! Opening the one file of a user in an organization.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use satchel_protocol::Registry;

use super::{Db, Durability, Schema, key, migrate, salvage, schema};
use crate::{error::StoreError, store::StoreOptions};

/// How long a statement waits for a lock. Only checkpoints and other tools reading the file can hold one.
pub(in crate::db) const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Bytes the write-ahead log keeps on disk once it has been moved into the file.
const LOG_BYTES: u32 = 8 * 1024 * 1024;
/// Pages after which a commit moves the log into the file.
const LOG_PAGES: u32 = 4_000;
/// Bytes of pages a connection keeps in memory.
const CACHE_BYTES: u32 = 8 * 1024 * 1024;
/// Statements a connection keeps prepared: a handful for each table, and the bookkeeping's.
const STATEMENTS: usize = 256;

impl Db {
    /// Opens or makes the file, brings bookkeeping and replica tables to this build's shape.
    pub(crate) fn open(path: &Path, registry: &'static Registry, options: &StoreOptions) -> Result<Self, StoreError> {
        let lock = lock(path)?;
        salvage::complete(path)?;
        refuse_read_only(path)?;
        make_private(path);
        Self::open_locked(path, registry, options, lock).map_err(|error| error.at(path))
    }

    fn open_locked(
        path: &Path,
        registry: &'static Registry,
        options: &StoreOptions,
        lock: File,
    ) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_WAIT)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        key::unlock(&connection, options.key.as_ref())?;
        // Before anything is written: a newer file, or one that is no database, stays as it is.
        migrate::version(&connection)?;
        if connection.is_readonly("main")? {
            return Err(StoreError::ReadOnly { path: path.to_owned() });
        }
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
        connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        connection.pragma_update(None, "cache_size", -i64::from(CACHE_BYTES / 1024))?;
        connection.pragma_update(None, "temp_store", "memory")?;
        if let Some(bytes) = options.max_file_bytes {
            let page_bytes: u32 = connection.query_row("pragma page_size", [], |row| row.get(0))?;
            connection.pragma_update(
                None,
                "max_page_count",
                u32::try_from(bytes / u64::from(page_bytes)).unwrap_or(u32::MAX).max(1),
            )?;
        }
        migrate::migrate(&mut connection)?;
        let schema = Arc::new(Schema::new(registry));
        schema::shape(&mut connection, &schema)?;
        let (path, key) = (path.to_owned(), options.key.clone());
        Ok(Self { connection, schema, path, durability: Durability::Power, key, _lock: lock })
    }
}

/// Makes an absent file one that only its owner reads; SQLite gives its log the same mode. What goes wrong here goes
/// wrong again, and is told, when the file is opened.
fn make_private(path: &Path) {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(path);
}

pub(in crate::db) fn lock(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock_path = PathBuf::from(name);
    let file =
        File::options().create(true).truncate(false).write(true).open(&lock_path).map_err(|source| {
            match source.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    StoreError::ReadOnly { path: path.to_owned() }
                }
                io::ErrorKind::StorageFull => StoreError::DiskFull,
                _ => StoreError::CannotOpen { path: path.to_owned(), source },
            }
        })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(StoreError::CannotOpen { path: path.to_owned(), source }),
    }
}

/// Refuses a file marked read only, also where the process could write it all the same.
fn refuse_read_only(path: &Path) -> Result<(), StoreError> {
    match path.metadata() {
        Ok(metadata) if metadata.permissions().readonly() => Err(StoreError::ReadOnly { path: path.to_owned() }),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(StoreError::CannotOpen { path: path.to_owned(), source }),
    }
}
