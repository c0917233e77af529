//! What scopes are the ids of.
//!
//! Invariant: rows are read and counted by the same kinds, so that a replica holds what it is counted for, also where an id
//! stands in two tables.

use std::{collections::BTreeMap, sync::Arc};

use uuid::Uuid;

/// Kinds that are told apart; tables of any further one are asked for every scope.
const KINDS: usize = u16::BITS as usize;

/// The scopes a replica should hold by their kind, as [`Table::scope_kind`](satchel_protocol::Table::scope_kind) names it. Kept
/// for as long as a stream lasts: 2 bytes a scope beside the scope. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeKinds {
    names: Arc<[String]>,
    /// Ascending.
    scopes: Arc<[Uuid]>,
    /// For each scope, a bit for each of its kinds.
    of: Arc<[u16]>,
}

impl ScopeKinds {
    /// Sorts scopes by kind. A scope may have several.
    pub fn new(scopes: impl IntoIterator<Item = (String, Uuid)>) -> Self {
        let mut scopes: Vec<_> = scopes.into_iter().collect();
        // Two with the same scopes of the same kinds are equal.
        scopes.sort_unstable();
        let mut names = Vec::<String>::new();
        let mut of = BTreeMap::<Uuid, u16>::new();
        for (kind, scope) in scopes {
            let kinds = of.entry(scope).or_default();
            let bit = names.iter().position(|name| *name == kind).unwrap_or(names.len());
            if bit < KINDS {
                *kinds |= 1 << bit;
                if bit == names.len() {
                    names.push(kind);
                }
            }
        }
        Self { names: names.into(), scopes: of.keys().copied().collect(), of: of.values().copied().collect() }
    }

    /// All of them, ascending.
    pub fn scopes(&self) -> Arc<[Uuid]> {
        self.scopes.clone()
    }

    /// `scopes` as a list to keep: the same one, where they are all.
    pub fn kept(&self, scopes: Vec<Uuid>) -> Arc<[Uuid]> {
        if *scopes == *self.scopes { self.scopes.clone() } else { scopes.into() }
    }

    /// Those of `scopes` that tables of a kind are asked for: all, unless some are known to be of it.
    pub fn among(&self, scopes: &[Uuid], kind: &str) -> Vec<Uuid> {
        let Some(bit) = self.names.iter().position(|name| name == kind) else { return scopes.to_vec() };
        let is_of_kind = |scope: &&Uuid| self.scopes.binary_search(scope).is_ok_and(|at| self.of[at] >> bit & 1 == 1);
        scopes.iter().filter(is_of_kind).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_asked_for_scopes_of_its_kind_and_for_all_when_none_is_known() {
        let [job, other, customer] = [1, 2, 3].map(Uuid::from_u128);
        let kinds = [("job_id", job), ("job_id", other), ("customer_id", customer), ("customer_id", job)];
        let kinds = ScopeKinds::new(kinds.map(|(kind, scope)| (kind.to_owned(), scope)));
        assert_eq!(*kinds.scopes(), [job, other, customer]);
        assert!(Arc::ptr_eq(&kinds.kept(vec![job, other, customer]), &kinds.scopes()));
        assert_eq!(*kinds.kept(vec![job]), [job]);
        assert_eq!(kinds.among(&[job, customer], "job_id"), [job]);
        assert_eq!(kinds.among(&[job, other, customer], "customer_id"), [job, customer]);
        assert_eq!(kinds.among(&[job, customer], "branch_id"), [job, customer]);
        assert_eq!(ScopeKinds::default().among(&[job], "job_id"), [job]);
    }

    #[test]
    fn kinds_beyond_those_told_apart_are_asked_for_all() {
        let scope = Uuid::from_u128;
        let kinds = ScopeKinds::new((0..20).map(|number| (format!("kind {number:02}"), scope(number))));
        assert_eq!(kinds.scopes().len(), 20);
        assert_eq!(kinds.among(&[scope(15), scope(16)], "kind 15"), [scope(15)]);
        assert_eq!(kinds.among(&[scope(15), scope(16)], "kind 16"), [scope(15), scope(16)]);
    }
}
