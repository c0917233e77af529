//! Which mutations must run anew, and which rows must go back to their base image first.
//!
//! Closed when: every mutation that touches a restored row, or whose index read its base image belongs to, runs anew;
//! every row that a re-run mutation writes is restored; every row that it reads and a later mutation writes is restored
//! too (it must not see the later effect).

use std::collections::{BTreeMap, BTreeSet};

use satchel_protocol::{Load, Rejection, RowKey, workspace::Footprint};

use super::{Seeds, Source};
use crate::{error::StoreError, queue::Queue};

/// See the module.
pub(super) struct Plan {
    /// Mutations to run anew, by local order.
    pub(super) orders: BTreeSet<i64>,
    /// Rows to restore. One without base image shows the server's row already.
    pub(super) rows: BTreeSet<RowKey>,
}

impl Plan {
    pub(super) fn new(seeds: Seeds, queue: &Queue) -> Self {
        let is_shown = |order: &i64| queue.get(*order).is_some_and(|entry| entry.is_shown());
        Self { orders: seeds.orders.into_iter().filter(is_shown).collect(), rows: seeds.rows }
    }

    /// Adds what closure demands; base images are read into `source` on the way.
    pub(super) fn close(&mut self, queue: &Queue, source: &mut Source<'_>) -> Result<(), StoreError> {
        let mut new_rows: Vec<RowKey> = self.rows.iter().copied().collect();
        let mut new_orders: Vec<i64> = self.orders.iter().copied().collect();
        while !new_rows.is_empty() || !new_orders.is_empty() {
            let mut affected = BTreeSet::new();
            for row in std::mem::take(&mut new_rows) {
                affected.extend(queue.touching(&row).map(|(order, _)| order));
                source.restore(row, queue, &mut affected)?;
            }
            new_orders.extend(affected.into_iter().filter(|order| self.orders.insert(*order)));
            for order in std::mem::take(&mut new_orders) {
                if let Some(entry) = queue.get(order) {
                    let rows = demanded(queue, order, &entry.footprint);
                    new_rows.extend(rows.filter(|row| self.rows.insert(*row)));
                }
            }
        }
        Ok(())
    }

    /// Adds what the runs turned out to touch beyond the plan, and the mutations whose index reads a written row
    /// entered; whether that was anything, so that the runs must be repeated.
    pub(super) fn grow(
        &mut self,
        queue: &Queue,
        runs: &BTreeMap<i64, (Option<Rejection>, Footprint)>,
        entered: BTreeSet<i64>,
    ) -> bool {
        let before = (self.orders.len(), self.rows.len());
        for (order, (_, footprint)) in runs {
            for row in demanded(queue, *order, footprint) {
                let mut others = queue.touching(&row).filter(|(other, _)| !runs.contains_key(other));
                let written = footprint.writes.contains(&row);
                if !self.rows.contains(&row) && others.any(|(_, writes)| writes || written) {
                    self.rows.insert(row);
                }
            }
        }
        self.orders.extend(entered);
        before != (self.orders.len(), self.rows.len())
    }
}

/// Rows to restore when this mutation runs anew: those it writes, and those it reads that a later one writes.
fn demanded<'a>(queue: &'a Queue, order: i64, footprint: &'a Footprint) -> impl Iterator<Item = RowKey> + 'a {
    let reads = footprint.reads.iter().filter_map(move |read| match read {
        Load::Row(key) if queue.touching(key).any(|(other, writes)| writes && other > order) => Some(*key),
        _ => None,
    });
    reads.chain(footprint.writes.iter().copied())
}
