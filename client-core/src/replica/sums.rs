//! Checksum changes of a transaction, added up before they are written.

use std::collections::HashMap;

use satchel_protocol::checksum::Checksum;
use uuid::Uuid;

use crate::{
    db::{Old, Tx},
    error::StoreError,
};

/// Changes by table and scope.
#[derive(Debug, Default)]
pub(super) struct Sums {
    changes: HashMap<(&'static str, Uuid), Checksum>,
    // Rows come scope by scope: the pair under way need not be looked up.
    current: Option<((&'static str, Uuid), Checksum)>,
}

impl Sums {
    /// The server has this row.
    pub(super) fn add(&mut self, table: &'static str, scope: Uuid, rev: i64) {
        self.change(table, scope, |sum| sum.add(rev));
    }

    /// The server had this row. `org_id` is the scope of tables without a scope column.
    pub(super) fn remove(&mut self, table: &'static str, org_id: Uuid, old: Old) {
        self.change(table, old.scope.unwrap_or(org_id), |sum| sum.remove(old.rev));
    }

    fn change(&mut self, table: &'static str, scope: Uuid, change: impl Fn(&mut Checksum)) {
        match &mut self.current {
            Some((pair, sum)) if *pair == (table, scope) => change(sum),
            current => {
                let mut sum = Checksum::default();
                change(&mut sum);
                if let Some((pair, sum)) = current.replace(((table, scope), sum)) {
                    self.changes.entry(pair).or_default().merge(sum);
                }
            }
        }
    }

    /// Writes them.
    pub(super) fn flush(&mut self, tx: &Tx<'_>) -> Result<(), StoreError> {
        if let Some((pair, sum)) = self.current.take() {
            self.changes.entry(pair).or_default().merge(sum);
        }
        for ((table, scope), change) in self.changes.drain() {
            if change != Checksum::default() {
                tx.add_checksum(table, scope, change)?;
            }
        }
        Ok(())
    }
}
