//! Everything that speaks SQLite.
//!
//! Invariants:
//! - No other module names rusqlite or holds SQL. What leaves here are rows, entries and [`StoreError`]s.
//! - Every write happens inside [`Db::transact`], which commits all of it or nothing.
//! - The file is written by one `Db` at a time, held by a lock on a file beside it.
//!
//! Reading order: [`open`] → [`key`] → [`migrate`] → [`schema`] → [`table`] → [`books`], [`base`], [`queue`] → [`reader`]; [`salvage`] for a
//! damaged file.

mod base;
mod books;
mod cells;
mod failure;
pub mod key;
mod migrate;
mod open;
mod queue;
pub mod reader;
mod salvage;
mod schema;
mod table;

use std::{fs::File, path::PathBuf, sync::Arc};

use rusqlite::Connection;

pub(crate) use books::{MetaName, StoredPass};
pub(crate) use cells::CellRef;
pub(crate) use key::FileKey;
pub(crate) use migrate::VERSION;
pub(crate) use queue::{StoredEntry, StoredPast};
pub(crate) use salvage::Salvage;
pub(crate) use schema::{Schema, ScopeAt, TableSql};
pub(crate) use table::{Old, PageWriter};

use crate::{error::StoreError, simulation};

/// How much a commit must survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Power loss: what the user entered, and the numbers it goes out under.
    Power,
    /// A crash of the process: what the server can send again.
    Process,
}

/// The writing connection.
#[derive(Debug)]
pub(crate) struct Db {
    connection: Connection,
    schema: Arc<Schema>,
    path: PathBuf,
    durability: Durability,
    key: Option<FileKey>,
    // Held as long as the connection.
    _lock: File,
}

/// A transaction under way.
pub(crate) struct Tx<'a> {
    pub(in crate::db) connection: &'a Connection,
    pub(crate) schema: &'a Schema,
}

struct Rollback<'a>(&'a Connection);

impl Drop for Rollback<'_> {
    fn drop(&mut self) {
        if !self.0.is_autocommit()
            && let Err(error) = self.0.execute_batch("rollback")
        {
            tracing::error!(%error, "rolling back failed");
        }
    }
}

impl Db {
    /// Runs `work` in one transaction and commits it; any error leaves the file as it was.
    pub(crate) fn transact<T>(
        &mut self,
        durability: Durability,
        work: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.attempt(durability, work).map_err(|error| error.at(&self.path))
    }

    fn attempt<T>(
        &mut self,
        durability: Durability,
        work: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.durability != durability {
            self.connection.execute_batch(match durability {
                Durability::Power => "pragma synchronous = full",
                Durability::Process => "pragma synchronous = normal",
            })?;
            self.durability = durability;
        }
        self.connection.prepare_cached("begin immediate")?.raw_execute()?;
        let rollback = Rollback(&self.connection);
        let value = work(&Tx { connection: &self.connection, schema: &self.schema })?;
        simulation::before_commit()?;
        self.connection.prepare_cached("commit")?.raw_execute()?;
        drop(rollback);
        simulation::committed(durability);
        Ok(value)
    }

    /// Moves the log into the file and shortens it, as far as readers let it.
    pub(crate) fn checkpoint(&self) -> Result<(), StoreError> {
        let truncate = || {
            self.connection.busy_timeout(CHECKPOINT_WAIT)?;
            self.connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))
        };
        let done = truncate();
        self.connection.busy_timeout(open::BUSY_WAIT)?;
        done.map_err(|error| StoreError::from(error).at(&self.path))
    }

    /// A connection for queries.
    pub(crate) fn reader(&self) -> Result<reader::Reader, StoreError> {
        reader::Reader::open(&self.path, Arc::clone(&self.schema), self.key.as_ref())
    }
}

/// How long a checkpoint waits for readers before it leaves the rest of the log to the next.
const CHECKPOINT_WAIT: std::time::Duration = std::time::Duration::from_millis(20);
