//! What scopes are the ids of.
//!
//! Invariant: a table is asked for every scope it can have rows of. The kinds only say for which it need not be asked.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

/// The scopes a replica should hold by their kind, as [`Table::scope_kind`](satchel_protocol::Table::scope_kind) names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeKinds(BTreeMap<String, BTreeSet<Uuid>>);

impl ScopeKinds {
    /// Sorts scopes by kind. A scope may have several.
    pub fn new(scopes: impl IntoIterator<Item = (String, Uuid)>) -> Self {
        let mut kinds = BTreeMap::<String, BTreeSet<Uuid>>::new();
        for (kind, scope) in scopes {
            kinds.entry(kind).or_default().insert(scope);
        }
        Self(kinds)
    }

    /// Those of `scopes` that tables of a kind are asked for: all, unless some are known to be of it.
    pub fn among(&self, scopes: &[Uuid], kind: &str) -> Vec<Uuid> {
        match self.0.get(kind) {
            Some(of_kind) => scopes.iter().filter(|scope| of_kind.contains(scope)).copied().collect(),
            None => scopes.to_vec(),
        }
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
        assert_eq!(kinds.among(&[job, customer], "job_id"), [job]);
        assert_eq!(kinds.among(&[job, other, customer], "customer_id"), [job, customer]);
        assert_eq!(kinds.among(&[job, customer], "branch_id"), [job, customer]);
        assert_eq!(ScopeKinds::default().among(&[job], "job_id"), [job]);
    }
}
