//! Recomputing checksums from the rows.

use std::collections::BTreeMap;

use satchel_protocol::{
    RowKey,
    checksum::{Checksum, RANGES, range_of},
};
use uuid::Uuid;

use crate::{
    db::{CellRef, TableSql, Tx},
    error::StoreError,
    store::{Difference, State},
};

/// Checksums by range of one scope's rows.
pub(crate) type Ranges = [Checksum; RANGES];

/// The checksums of a table's rows as they are, by scope and range.
pub(crate) fn count(tx: &Tx<'_>, state: &State, sql: &TableSql) -> Result<BTreeMap<Uuid, Box<Ranges>>, StoreError> {
    let (org_id, table) = (state.identity.org_id, sql.table.name);
    let mut found: BTreeMap<Uuid, Box<Ranges>> = BTreeMap::new();
    let mut add = |scope: Uuid, id: Uuid, rev: i64| {
        let ranges = found.entry(scope).or_insert_with(|| Box::new([Checksum::default(); RANGES]));
        ranges[usize::from(range_of(id))].add(rev);
    };
    tx.each_rev(table, |id, row| {
        if !state.based.contains_key(&RowKey { table, id }) {
            add(row.scope.unwrap_or(org_id), id, row.rev);
        }
    })?;
    for (key, number) in state.based.iter().filter(|(key, _)| key.table == table) {
        if let Some(row) = tx.base(*key, *number)? {
            let cells: Vec<_> = row.iter().map(CellRef::from).collect();
            let rev = row.get(satchel_protocol::table::REV).and_then(|cell| cell.as_integer()).unwrap_or(0);
            add(sql.scope_of(&cells, org_id).unwrap_or(org_id), key.id, rev);
        }
    }
    Ok(found)
}

/// What all ranges come to.
pub(crate) fn total(ranges: &Ranges) -> Checksum {
    let mut total = Checksum::default();
    ranges.iter().for_each(|range| total.merge(*range));
    total
}

/// Tables and scopes whose kept checksum differs from the rows.
pub(crate) fn verify(tx: &Tx<'_>, state: &State) -> Result<Vec<Difference>, StoreError> {
    let all_kept = tx.checksums()?;
    let mut differences = Vec::new();
    for sql in tx.schema.tables() {
        let table = sql.table.name;
        let found: BTreeMap<Uuid, Checksum> =
            count(tx, state, sql)?.into_iter().map(|(scope, ranges)| (scope, total(&ranges))).collect();
        let kept = all_kept.get(table).cloned().unwrap_or_default();
        let differs = |scope: &&Uuid| {
            let sum = |sums: &BTreeMap<Uuid, Checksum>| sums.get(*scope).copied().unwrap_or_default();
            sum(&kept) != sum(&found)
        };
        let mut scopes: Vec<_> = kept.keys().chain(found.keys()).filter(differs).copied().collect();
        scopes.sort_unstable();
        scopes.dedup();
        differences.extend(scopes.into_iter().map(|scope| Difference { table, scope }));
    }
    Ok(differences)
}
