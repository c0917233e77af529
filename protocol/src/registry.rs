//! All tables, mutations and queries of a trade, in one list each.

use crate::{Index, MutationKind, QueryKind, Table};

/// What an engine knows of the trade it syncs.
#[derive(Debug)]
pub struct Registry {
    /// The synced tables, parents before children.
    pub tables: &'static [&'static Table],
    /// The mutations.
    pub mutations: &'static [MutationKind],
    /// The queries.
    pub queries: &'static [QueryKind],
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

    /// The query of that name.
    pub fn query(&self, name: &str) -> Option<&'static QueryKind> {
        self.queries.iter().find(|query| query.name == name)
    }
}
