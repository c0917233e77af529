//! The first sync of a typical technician, beside raw SQLite inserting the same rows into the same tables.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use rusqlite::{
    Connection, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};
use satchel_client::{
    Store,
    store::{Readiness, StoreOptions},
};
use satchel_domain::REGISTRY;
use satchel_protocol::{Cell, Row, Table as SyncedTable};
use satchel_tests::phone::Phone;

use crate::{
    table::{Table, per_second, percent, rate},
    world::World,
};

/// Runs of each side; the best counts.
const RUNS: usize = 3;
/// KiB of page cache, as the client core has.
const CACHE_KIB: i64 = (8 * 1024 * 1024) / 1024;
/// Pages of write-ahead log between checkpoints, as the client core has.
const LOG_PAGES: i64 = 4_000;

/// Measures phones that know nothing yet.
pub async fn run(world: &World, table: &mut Table) -> anyhow::Result<()> {
    let mut best = Duration::MAX;
    let mut phone = world.phone(0).await;
    for _ in 0..RUNS {
        phone = world.phone(0).await;
        let begin = Instant::now();
        phone.client.start().await?;
        phone.settled().await;
        best = best.min(begin.elapsed());
    }
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
    let (mut serving, mut applying) = (Duration::MAX, Duration::MAX);
    for _ in 0..RUNS {
        let (server, client) = halves(world, &phone).await?;
        (serving, applying) = (serving.min(server), applying.min(client));
    }
    for (what, time) in
        [("the server's half: pages made and carried", serving), ("the phone's half: pages applied", applying)]
    {
        let target = if time == applying { ">= 100,000 rows/s" } else { "" };
        let ratio = percent(per_second(rows, time), per_second(rows, raw));
        table.add(what, rate(rows, time, "rows"), format!("{}, the same", rate(rows, raw, "rows")), ratio, target);
    }
    Ok(())
}

/// One first sync more, page by page, with the clock held for either side.
async fn halves(world: &World, phone: &Phone) -> anyhow::Result<(Duration, Duration)> {
    let folder = tempfile::tempdir()?;
    let identity = phone.client.identity()?;
    let path = folder.path().join("replica.sqlite");
    let store = tokio::task::block_in_place(|| Store::open(&path, &REGISTRY, &identity, StoreOptions::default()))?;
    let token = phone.client.session().and_then(|session| session.tokens).context("signed in")?.access;
    let http = reqwest::Client::new();
    let (mut serving, mut applying) = (Duration::ZERO, Duration::ZERO);
    while store.readiness() != Readiness::Ready {
        let request = tokio::task::block_in_place(|| store.pull_request())?;
        let begin = Instant::now();
        let request = http.post(format!("{}/api/v1/sync/pull", world.server.url())).bearer_auth(&token).json(&request);
        let answer = request.header("x-org-id", identity.org_id.to_string()).send().await?.error_for_status()?;
        let page = answer.text().await?;
        serving += begin.elapsed();
        let begin = Instant::now();
        tokio::task::block_in_place(|| store.apply_page(&page))?;
        applying += begin.elapsed();
    }
    Ok((serving, applying))
}

/// Inserts the rows into tables and indexes like the replica's, in one transaction, and tells how long that took.
fn insert_raw(replica: &Path, tables: &[(&'static SyncedTable, Vec<Row>)]) -> anyhow::Result<Duration> {
    let folder = tempfile::tempdir()?;
    let mut connection = Connection::open(folder.path().join("raw.sqlite"))?;
    // As a replica is opened while it takes pages in: no faster and no slower.
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    connection.pragma_update(None, "temp_store", "memory")?;
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

/// A cell as SQLite takes it, borrowed: the raw side copies nothing.
fn plain(cell: &Cell) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(match cell {
        Cell::Null => ValueRef::Null,
        Cell::Boolean(value) => ValueRef::Integer((*value).into()),
        Cell::Integer(number) => ValueRef::Integer(*number),
        Cell::Text(text) => ValueRef::Text(text.as_bytes()),
    })
}
