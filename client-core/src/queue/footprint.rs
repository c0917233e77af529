//! Footprints as stored text.

use std::{borrow::Cow, collections::BTreeMap};

use satchel_protocol::{
    Cell, Load, Registry, RowKey,
    workspace::{Footprint, IndexRead, Range},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Stored<'a> {
    #[serde(borrow, skip_serializing_if = "BTreeMap::is_empty")]
    r: BTreeMap<Cow<'a, str>, Vec<Uuid>>,
    #[serde(borrow, skip_serializing_if = "BTreeMap::is_empty")]
    w: BTreeMap<Cow<'a, str>, Vec<Uuid>>,
    #[serde(borrow, skip_serializing_if = "Vec::is_empty")]
    i: Vec<StoredIndexRead<'a>>,
}

#[derive(Serialize, Deserialize)]
struct StoredIndexRead<'a>(
    #[serde(borrow)] Cow<'a, str>,
    Vec<Cell>,
    #[serde(default, skip_serializing_if = "Option::is_none")] Option<(Cell, Cell)>,
);

/// The text of a footprint.
pub(super) fn write(footprint: &Footprint) -> String {
    let mut stored = Stored::default();
    for read in &footprint.reads {
        match read {
            Load::Row(key) if footprint.writes.contains(key) => {}
            Load::Row(key) => stored.r.entry(Cow::Borrowed(key.table)).or_default().push(key.id),
            Load::Index(read) => stored.i.push(StoredIndexRead(
                Cow::Borrowed(read.index),
                read.key.clone(),
                read.range.as_ref().map(|range| (range.from.clone(), range.until.clone())),
            )),
        }
    }
    for key in &footprint.writes {
        stored.w.entry(Cow::Borrowed(key.table)).or_default().push(key.id);
    }
    serde_json::to_string(&stored).expect("names, ids and cells are always JSON")
}

/// The footprint of a text; tables and indexes this build does not know are left out.
pub(super) fn read(text: &str, registry: &Registry) -> Option<Footprint> {
    let stored: Stored<'_> = serde_json::from_str(text).ok()?;
    let keys = |rows: BTreeMap<Cow<'_, str>, Vec<Uuid>>| {
        let mut keys = Vec::new();
        for (table, ids) in rows {
            if let Some(table) = registry.table(&table) {
                keys.extend(ids.into_iter().map(|id| RowKey { table: table.name, id }));
            }
        }
        keys
    };
    let mut footprint = Footprint::default();
    footprint.writes.extend(keys(stored.w));
    footprint.reads.extend(keys(stored.r).into_iter().chain(footprint.writes.iter().copied()).map(Load::Row));
    for StoredIndexRead(index, key, range) in stored.i {
        if let Some(index) = registry.index(&index) {
            let range = range.map(|(from, until)| Range { from, until });
            footprint.reads.insert(Load::Index(IndexRead { index: index.name, key, range }));
        }
    }
    Some(footprint)
}
