//! How fast the store takes pages and taps, beside raw SQLite writing the same rows in the same run.
//!
//! `cargo run --release -p satchel-client --example apply_bench -- [rows]`
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::{path::Path, time::Instant};

use rusqlite::{Connection, params_from_iter, types::Value};
use satchel_client::{
    Store,
    store::{Identity, Mutated, StoreOptions},
};
use satchel_protocol::{
    Cell, Ctx, Id, Mutation, MutationKind, Record, Registry, Row, RowKey, Stop, Workspace,
    context::ClientContext,
    limits::PAGE_ROWS,
    record,
    wire::{Cursor, DeltaPage, PushResponse, TableFill, TableRows},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

record! {
    /// Some 500 bytes of JSON in 13 columns, two of them indexed.
    pub struct Part in "part" {
        /// Scope.
        pub job_id: Uuid,
        /// Parent.
        pub visit_id: Uuid,
        /// Text.
        pub code: String,
        /// Text.
        pub name: String,
        /// Text.
        pub description: String,
        /// Text.
        pub kind: String,
        /// Text.
        pub unit: String,
        /// Money.
        pub price_cents: i64,
        /// Flag.
        pub active: bool,
        /// Time.
        pub at: jiff::Timestamp,
        /// Often absent.
        pub note: Option<String>,
    }
    scope: "job_id";
    index BY_VISIT = "part.by_visit" on ["visit_id"];
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Touch {
    id: Uuid,
    other: Uuid,
    name: String,
}

impl Mutation for Touch {
    const NAME: &'static str = "part/v1/touch";
    const SUMMARY: &'static str = "Changes a row and adds one.";
    type Output = ();
    fn roots(&self) -> Vec<RowKey> {
        vec![]
    }
    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<(), Stop> {
        let mut part = work.require::<Part>(self.id.into())?;
        part.name = self.name.clone();
        work.update(&part)?;
        part.id = self.other.into();
        part.rev = 0;
        work.insert(&part)
    }
}

static REGISTRY: Registry = Registry {
    tables: &[Part::TABLE],
    mutations: &[MutationKind::of::<Touch>()],
    queries: &[],
    roles: &[],
    policies: &[],
};

fn part(number: usize, ordered: bool) -> Part {
    let id = if ordered {
        uuid::Builder::from_unix_timestamp_millis(1_700_000_000_000 + number as u64, &[7; 10]).into_uuid()
    } else {
        Uuid::new_v4()
    };
    Part {
        id: Id::new(id),
        rev: number as i64 + 1,
        job_id: Uuid::from_u128(1 + number as u128 / 20),
        visit_id: Uuid::from_u128(1_000_000 + number as u128 / 5),
        code: format!("P-{number:08}"),
        name: "Capacitor, dual run, 45/5 MFD, 440 V".into(),
        description: "Replaces the failed run capacitor of a condensing unit, tests amperage of compressor and fan."
            .into(),
        kind: "material".into(),
        unit: "each".into(),
        price_cents: 18_900,
        active: true,
        at: "2026-03-01T08:00:00Z".parse().unwrap(),
        note: number.is_multiple_of(3).then(|| "On the truck".into()),
    }
}

fn pages(rows: &[Row]) -> Vec<String> {
    let columns: Vec<String> = Part::TABLE.columns.iter().map(|column| column.name.to_owned()).collect();
    let mut scopes: Vec<Uuid> = rows.iter().map(|row| row[2].as_uuid().unwrap()).collect();
    scopes.dedup();
    let count = rows.chunks(PAGE_ROWS).count();
    let page = |(number, chunk): (usize, &[Row])| {
        let last = number + 1 == count;
        let first = number == 0;
        let rows = chunk.iter().map(|row| Part::TABLE.encode_row(row)).collect();
        let page = DeltaPage {
            enter: if first { scopes.clone() } else { vec![] },
            fill: if first {
                vec![TableFill { table: "part".into(), scopes: scopes.clone(), ..Default::default() }]
            } else {
                vec![]
            },
            tables: vec![TableRows { table: "part".into(), columns: columns.clone(), rows, removed: vec![] }],
            resume: (!last).then(|| format!("page {}", number + 1)),
            cursor: last.then(|| Cursor("end".into())),
            ..DeltaPage::default()
        };
        serde_json::to_string(&page).unwrap()
    };
    rows.chunks(PAGE_ROWS).enumerate().map(page).collect()
}

fn values(row: &Row) -> Vec<Value> {
    row.iter()
        .map(|cell| match cell {
            Cell::Null => Value::Null,
            Cell::Boolean(value) => Value::Integer((*value).into()),
            Cell::Integer(number) => Value::Integer(*number),
            Cell::Text(text) => Value::Text(text.clone()),
        })
        .collect()
}

fn raw_connection(path: &Path, synchronous: &str) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "journal_mode", "wal").unwrap();
    connection.pragma_update(None, "synchronous", synchronous).unwrap();
    let columns: Vec<String> = Part::TABLE
        .columns
        .iter()
        .map(|column| match column.name {
            "id" => "id text primary key".to_owned(),
            "rev" | "price_cents" | "active" => format!("{} integer", column.name),
            name => format!("{name} text"),
        })
        .collect();
    connection
        .execute_batch(&format!(
            "create table part ({}); create index by_visit on part (visit_id); create index by_job on part (job_id)",
            columns.join(", ")
        ))
        .unwrap();
    connection
}

const INSERT: &str = "insert into part values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

/// Rows a second of one transaction per page.
fn raw_insert(folder: &Path, rows: &[Row]) -> f64 {
    let mut connection = raw_connection(&folder.join("raw.db"), "normal");
    let rows: Vec<Vec<Value>> = rows.iter().map(values).collect();
    let start = Instant::now();
    for chunk in rows.chunks(PAGE_ROWS) {
        let tx = connection.transaction().unwrap();
        {
            let mut insert = tx.prepare_cached(INSERT).unwrap();
            for row in chunk {
                insert.execute(params_from_iter(row)).unwrap();
            }
        }
        tx.commit().unwrap();
    }
    rows.len() as f64 / start.elapsed().as_secs_f64()
}

fn open(folder: &Path) -> Store {
    let identity =
        Identity { org_id: Uuid::from_u128(1), user_id: Uuid::from_u128(2), technician_id: None, roles: vec![] };
    Store::open(&folder.join("replica.db"), &REGISTRY, &identity, StoreOptions::default()).unwrap()
}

fn apply(store: &Store, pages: &[String]) {
    for page in pages {
        store.apply_page(page).unwrap();
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn main() {
    let count: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    for ordered in [true, false] {
        let rows: Vec<Row> = (0..count).map(|number| part(number, ordered).to_row()).collect();
        let pages = pages(&rows);
        let bytes: usize = pages.iter().map(String::len).sum();
        let (mut raw, mut applied, mut again) = (vec![], vec![], vec![]);
        for _ in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            raw.push(raw_insert(folder.path(), &rows));
            let store = open(folder.path());
            let start = Instant::now();
            apply(&store, &pages);
            applied.push(count as f64 / start.elapsed().as_secs_f64());
            let start = Instant::now();
            apply(&store, &pages);
            again.push(count as f64 / start.elapsed().as_secs_f64());
        }
        let (raw, applied, again) = (median(raw), median(applied), median(again));
        println!(
            "fill, {} ids, {count} rows of {} bytes: {applied:.0} rows/s, raw {raw:.0} rows/s, {:.0} %; sent again {again:.0} rows/s",
            if ordered { "ordered" } else { "random" },
            bytes / count,
            applied / raw * 100.0
        );
    }
    taps();
}

fn taps() {
    const TAPS: usize = 1_000;
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<Row> = (0..28_000).map(|number| part(number, true).to_row()).collect();
    let mut raw = raw_connection(&folder.path().join("raw.db"), "full");
    let tx = raw.transaction().unwrap();
    for row in &rows {
        tx.prepare_cached(INSERT).unwrap().execute(params_from_iter(values(row))).unwrap();
    }
    tx.commit().unwrap();
    let store = open(folder.path());
    apply(&store, &pages(&rows));

    let at = "2026-03-01T08:00:00Z".parse().unwrap();
    let context = ClientContext::at(at);
    let (mut raw_us, mut tap_us) = (vec![], vec![]);
    let mut taps = vec![];
    for number in 0..TAPS {
        let row = &rows[number * 7 % rows.len()];
        let touch = Touch { id: row[0].as_uuid().unwrap(), other: Uuid::now_v7(), name: format!("renamed {number}") };
        let start = Instant::now();
        let tx = raw.transaction().unwrap();
        tx.prepare_cached("update part set name = ?2 where id = ?1")
            .unwrap()
            .execute([touch.id.to_string(), touch.name.clone()])
            .unwrap();
        let mut added = values(row);
        added[0] = Value::Text(touch.other.to_string());
        tx.prepare_cached(INSERT).unwrap().execute(params_from_iter(added)).unwrap();
        tx.commit().unwrap();
        raw_us.push(start.elapsed().as_secs_f64() * 1e6);
        let args = serde_json::value::to_raw_value(&touch).unwrap();
        let start = Instant::now();
        assert!(matches!(store.mutate(Touch::NAME, args, &context).unwrap(), Mutated::Queued { .. }));
        tap_us.push(start.elapsed().as_secs_f64() * 1e6);
        taps.push((row.clone(), touch));
    }
    let (raw_us, tap_us) = (median(raw_us), median(tap_us));
    println!("tap (one row changed, one added, durable): {tap_us:.0} us, raw {raw_us:.0} us, {:.2} x", tap_us / raw_us);

    // The office changes every row that a tap changed: all undecided ones are run anew.
    let columns: Vec<String> = Part::TABLE.columns.iter().map(|column| column.name.to_owned()).collect();
    let rows = taps.iter().map(|(row, _)| {
        let mut row = row.clone();
        row[1] = Cell::Integer(1 << 40);
        Part::TABLE.encode_row(&row)
    });
    let page = DeltaPage {
        tables: vec![TableRows { table: "part".into(), columns, rows: rows.collect(), removed: vec![] }],
        cursor: Some(Cursor("office".into())),
        ..DeltaPage::default()
    };
    let page = serde_json::to_string(&page).unwrap();
    let start = Instant::now();
    store.apply_page(&page).unwrap();
    println!("delta of {TAPS} rows under {TAPS} undecided mutations: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);

    let start = Instant::now();
    let mut verdicts = vec![];
    let batch = store.next_batch(500, usize::MAX).unwrap();
    println!("batch of {} numbered: {:.1} ms", batch.len(), start.elapsed().as_secs_f64() * 1e3);
    for pushed in &batch {
        let outcome = satchel_protocol::wire::Outcome::Accepted { output: serde_json::Value::Null };
        verdicts.push(satchel_protocol::wire::Verdict { key: pushed.key, seq: pushed.seq, outcome });
    }
    let start = Instant::now();
    store.apply_push(&PushResponse { last_seq: batch.len() as u64, verdicts }).unwrap();
    println!("{} verdicts: {:.1} ms", batch.len(), start.elapsed().as_secs_f64() * 1e3);
    let page = DeltaPage {
        cursor: Some(Cursor("drained".into())),
        last_seq: Some(batch.len() as u64),
        ..DeltaPage::default()
    };
    let page = serde_json::to_string(&page).unwrap();
    let start = Instant::now();
    store.apply_page(&page).unwrap();
    println!("delta that contains {}: {:.1} ms", batch.len(), start.elapsed().as_secs_f64() * 1e3);
}
