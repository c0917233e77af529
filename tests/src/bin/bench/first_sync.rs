//! The first sync of a typical technician, beside raw SQLite inserting the same rows into the same tables.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params_from_iter, types::Value};
use satchel_domain::REGISTRY;
use satchel_protocol::{Cell, Row, Table as SyncedTable};
use satchel_tests::phone::Phone;

use crate::{
    table::{Table, per_second, percent, rate},
    world::World,
};

/// Runs of each side; the best counts.
const RUNS: usize = 3;

/// Measures, and gives the last phone, synced.
pub async fn run(world: &World, table: &mut Table) -> anyhow::Result<Phone> {
    let mut best = Duration::MAX;
    let mut synced = None;
    for _ in 0..RUNS {
        let phone = world.phone(0).await;
        let begin = Instant::now();
        phone.client.start().await?;
        phone.settled().await;
        best = best.min(begin.elapsed());
        synced = Some(phone);
    }
    let phone = synced.expect("at least one run");
    let tables: Vec<(&'static SyncedTable, Vec<Row>)> = phone
        .client
        .read(|reader| REGISTRY.tables.iter().map(|table| Ok((*table, reader.rows(table)?))).collect())
        .await?;
    let rows = tables.iter().map(|(_, rows)| rows.len() as u64).sum();
    let replica = phone.client.replica_path()?;
    let mut raw = Duration::MAX;
    for _ in 0..RUNS {
        raw = raw.min(insert_raw(&replica, &tables)?);
    }
    let bytes = phone.proxy.traffic().down_bytes;
    table.add(
        &format!("first sync of a technician, {rows} rows, {:.1} MB down", bytes as f64 / 1e6),
        rate(rows, best, "rows"),
        format!("{}, raw SQLite inserting them", rate(rows, raw, "rows")),
        percent(per_second(rows, best), per_second(rows, raw)),
        ">= 50 %",
    );
    Ok(phone)
}

/// Inserts the rows into tables and indexes like the replica's, in one transaction, and tells how long that took.
fn insert_raw(replica: &Path, tables: &[(&'static SyncedTable, Vec<Row>)]) -> anyhow::Result<Duration> {
    let folder = tempfile::tempdir()?;
    let mut connection = Connection::open(folder.path().join("raw.sqlite"))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.execute("attach ?1 as replica", [replica.to_string_lossy()])?;
    for (table, _) in tables {
        let statements: Vec<String> = connection
            .prepare("select sql from replica.sqlite_master where tbl_name = ?1 and sql is not null")?
            .query_map([table.name], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for statement in statements {
            connection.execute_batch(&statement)?;
        }
    }
    connection.execute_batch("detach replica")?;
    let begin = Instant::now();
    let transaction = connection.transaction()?;
    for (table, rows) in tables {
        let places = vec!["?"; table.columns.len()].join(", ");
        let columns: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let sql = format!("insert into \"{}\" ({}) values ({places})", table.name, columns.join(", "));
        let mut insert = transaction.prepare(&sql)?;
        for row in rows {
            insert.execute(params_from_iter(row.iter().map(plain)))?;
        }
    }
    transaction.commit()?;
    Ok(begin.elapsed())
}

fn plain(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Boolean(value) => Value::Integer((*value).into()),
        Cell::Integer(number) => Value::Integer(*number),
        Cell::Text(text) => Value::Text(text.clone()),
    }
}
