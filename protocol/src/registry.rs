//! All tables, mutations, queries, roles and policies of a trade, in one list each.

use crate::{Index, MutationKind, PolicyFile, QueryKind, RowKey, Table};

/// What an engine knows of the trade it syncs.
#[derive(Debug)]
pub struct Registry {
    /// The synced tables, parents before children.
    pub tables: &'static [&'static Table],
    /// The mutations.
    pub mutations: &'static [MutationKind],
    /// The queries.
    pub queries: &'static [QueryKind],
    /// The roles a member may have.
    pub roles: &'static [&'static str],
    /// Which role may call what, one file per resource.
    pub policies: &'static [PolicyFile],
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

    /// The names of everything that can be called.
    pub fn procedures(&self) -> impl Iterator<Item = &'static str> {
        self.mutations.iter().map(|mutation| mutation.name).chain(self.queries.iter().map(|query| query.name))
    }

    /// The mutation of that name.
    pub fn mutation(&self, name: &str) -> Option<&'static MutationKind> {
        self.mutations.iter().find(|mutation| mutation.name == name)
    }

    /// What a mutation with these arguments is about; nothing where this build cannot read it.
    pub fn roots(&self, name: &str, args: &str) -> Vec<RowKey> {
        let mutation = self.mutation(name).and_then(|kind| (kind.decode)(args).ok());
        mutation.map(|mutation| mutation.roots()).unwrap_or_default()
    }

    /// The query of that name.
    pub fn query(&self, name: &str) -> Option<&'static QueryKind> {
        self.queries.iter().find(|query| query.name == name)
    }
}
