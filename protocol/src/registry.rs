//! All tables and mutations of a trade, in one list each.

use crate::{Index, MutationKind, Table};

/// What an engine knows of the trade it syncs.
#[derive(Debug)]
pub struct Registry {
    /// The synced tables, parents before children.
    pub tables: &'static [&'static Table],
    /// The mutations.
    pub mutations: &'static [MutationKind],
}

impl Registry {
    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&'static Table> {
        self.tables.iter().copied().find(|table| table.name == name)
    }

    /// The index of that name.
    pub fn index(&self, name: &str) -> Option<&'static Index> {
        self.tables.iter().flat_map(|table| table.indexes).find(|index| index.name == name)
    }

    /// The mutation of that name.
    pub fn mutation(&self, name: &str) -> Option<&'static MutationKind> {
        self.mutations.iter().find(|mutation| mutation.name == name)
    }
}
