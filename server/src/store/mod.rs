//! The only place that reads and writes synced tables for mutations, set-wise, by their registry entries.
//!
//! Invariants:
//! - Every call works on the caller's transaction, under the caller's row-level security. Nothing here commits.
//! - A statement that wrote fewer rows than it was given says which are missing and why: row-level security raises no
//!   error when it refuses.
//! - Generated SQL stands in [`sql`]; bookkeeping tables have one file each.
//!
//! Reading order: [`sql`] → [`binary`] → `load` → `flush` → `device`, `ledger`, `audit`, `attempt` → `record` →
//! `inbox`.

mod attempt;
mod audit;
pub mod binary;
mod device;
mod flush;
mod inbox;
mod ledger;
mod load;
mod lock;
mod record;
pub mod sql;

use std::{
    collections::HashMap,
    sync::{OnceLock, PoisonError, RwLock},
};

use satchel_protocol::{Index, Registry, Table};
use sqlx::postgres::PgArguments;

use sql::{IndexSql, TableSql};

pub use attempt::{Attempts, count_attempt};
pub use audit::{AUDIT_CELL_CHARS, Audited, Change, RowChange};
pub use device::{ClockReading, Device, DeviceError, LastPushed, advance as advance_device, claim as claim_device};
pub use flush::{Miss, Missed};
pub use inbox::{
    Cause, Decided, Item, NewItem, Taken, TakenBack, decide as decide_item, is_visible, lock_item,
    outcomes as inbox_outcomes, take as take_item, take_back,
};
pub use ledger::{Entry, Kept, Past, Stored, kept as kept_in_ledger, past, taken as taken_in_ledger};
pub use lock::{ROOT_LOCKS, lock_keys, lock_roots};
pub use record::{Author, record};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Postgres refused or failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// Stored data, or a rule, does not fit the registry: a fault of the program.
    #[error(transparent)]
    Shape(#[from] satchel_protocol::ShapeError),
}

/// The statements of a registry. Cheap to copy; written once per registry.
#[derive(Clone, Copy, Debug)]
pub struct Store {
    registry: &'static Registry,
    statements: &'static Statements,
}

#[derive(Debug)]
struct Statements {
    tables: HashMap<&'static str, (usize, &'static Table, TableSql)>,
    indexes: HashMap<&'static str, (&'static Table, &'static Index, IndexSql)>,
}

impl Store {
    /// The store of a registry.
    pub fn of(registry: &'static Registry) -> Self {
        static WRITTEN: OnceLock<RwLock<HashMap<usize, &'static Statements>>> = OnceLock::new();
        let written = WRITTEN.get_or_init(RwLock::default);
        let address = std::ptr::from_ref(registry).addr();
        if let Some(statements) = written.read().unwrap_or_else(PoisonError::into_inner).get(&address) {
            return Self { registry, statements };
        }
        let mut written = written.write().unwrap_or_else(PoisonError::into_inner);
        // A registry lives as long as the program, and so do its statements.
        let statements = written.entry(address).or_insert_with(|| Box::leak(Box::new(Statements::of(registry))));
        Self { registry, statements }
    }

    /// The registry.
    pub fn registry(&self) -> &'static Registry {
        self.registry
    }

    /// The statements of a table.
    pub fn table_sql(&self, name: &str) -> Option<&'static TableSql> {
        self.statements.tables.get(name).map(|(_, _, sql)| sql)
    }
}

impl Statements {
    fn of(registry: &'static Registry) -> Self {
        let tables = registry.tables.iter().enumerate();
        let indexes = registry.tables.iter().flat_map(|table| table.indexes.iter().map(move |index| (*table, index)));
        Self {
            tables: tables.map(|(order, table)| (table.name, (order, *table, TableSql::of(table)))).collect(),
            indexes: indexes.map(|(table, index)| (index.name, (table, index, IndexSql::of(table, index)))).collect(),
        }
    }
}

/// A generated statement, ready to bind.
fn query(sql: &'static str) -> sqlx::query::Query<'static, sqlx::Postgres, PgArguments> {
    sqlx::query(sql)
}
