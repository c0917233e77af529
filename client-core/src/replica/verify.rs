//! Recomputing checksums from the rows.

use std::collections::BTreeMap;

use satchel_protocol::checksum::Checksum;
use uuid::Uuid;

use crate::{
    db::{CellRef, Tx},
    error::StoreError,
    store::{Difference, State},
};

/// Tables and scopes whose kept checksum differs from the rows.
pub(crate) fn verify(tx: &Tx<'_>, state: &State) -> Result<Vec<Difference>, StoreError> {
    let org_id = state.identity.org_id;
    let kept = tx.checksums()?;
    let mut differences = Vec::new();
    for sql in tx.schema.tables() {
        let table = sql.table.name;
        let mut found: BTreeMap<Uuid, Checksum> = BTreeMap::new();
        tx.each_rev(table, |id, row| {
            if !state.based.contains_key(&satchel_protocol::RowKey { table, id }) {
                found.entry(row.scope.unwrap_or(org_id)).or_default().add(row.rev);
            }
        })?;
        for (key, number) in state.based.iter().filter(|(key, _)| key.table == table) {
            if let Some(row) = tx.base(*key, *number)? {
                let cells: Vec<_> = row.iter().map(CellRef::from).collect();
                let rev = row.get(satchel_protocol::table::REV).and_then(|cell| cell.as_integer()).unwrap_or(0);
                found.entry(sql.scope_of(&cells, org_id).unwrap_or(org_id)).or_default().add(rev);
            }
        }
        let kept = kept.get(table).cloned().unwrap_or_default();
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
