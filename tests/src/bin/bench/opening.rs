//! A cold start: a replica is opened in a fresh process and asked for the day's visits, beside raw SQLite opening the same
//! file and asking the same; and what memory the process has then.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use rusqlite::{Connection, OpenFlags};
use satchel_client::{
    Store,
    store::{Identity, StoreOptions},
};
use satchel_domain::{REGISTRY, tables::Assignment};
use satchel_server::seed::{self, SeedOptions};
use serde::{Deserialize, Serialize};
use tokio::process::Command;

use crate::{
    table::{Table, percentile, time, times},
    world::World,
};

/// The argument that makes this program the fresh process.
pub const CHILD: &str = "open-replica";
/// Fresh processes of each kind; the median counts.
const RUNS: usize = 9;
/// Rows of the pricebook that make a replica of 200,000 rows.
const LARGE_PRICEBOOK: u32 = 196_100;
/// What is asked after opening, by what an app shows first.
const DAY: &str = "open order by window_start, id";

/// What a fresh process tells.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    micros: u64,
    rows: usize,
    /// Resident memory before and after; none where the system does not tell.
    before_kb: Option<u64>,
    after_kb: Option<u64>,
}

/// Measures a typical replica, and one of 200,000 rows.
pub async fn run(world: &World, table: &mut Table) -> anyhow::Result<()> {
    measure(world, table).await?;
    let options = SeedOptions { pricebook_items: LARGE_PRICEBOOK, ..SeedOptions::typical(seed::today()) };
    measure(&World::of(options).await?, table).await
}

async fn measure(world: &World, table: &mut Table) -> anyhow::Result<()> {
    let phone = world.synced_phone(1).await?;
    let identity = phone.client.identity()?;
    let rows: usize = phone
        .client
        .read(|reader| {
            let counts = REGISTRY.tables.iter().map(|table| Ok(reader.rows(table)?.len()));
            counts.sum::<Result<usize, satchel_client::StoreError>>()
        })
        .await?;
    let path = phone.client.replica_path()?;
    // As an app that was suspended leaves it.
    phone.client.stop().await?;
    phone.client.close().await;
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        // In turns, so that what else the machine does meets both.
        ours.push(fresh(&path, Some(&identity)).await?);
        raw.push(fresh(&path, None).await?);
    }
    ensure!(
        ours.iter().chain(&raw).all(|told| told.rows == ours[0].rows && told.rows > 0),
        "both find the same visits"
    );
    let median = |told: &[Told]| {
        let mut times: Vec<_> = told.iter().map(|told| Duration::from_micros(told.micros)).collect();
        percentile(&mut times, 50)
    };
    let (opened, raw_opened) = (median(&ours), median(&raw));
    table.add(
        &format!("cold open of a replica of {rows} rows and the day's visits, in a fresh process (p50)"),
        time(opened),
        format!("{}, raw SQLite opening the file, the same query", time(raw_opened)),
        times(opened, raw_opened),
        "",
    );
    let figures = memory(&ours).zip(memory(&raw));
    let Some(((grown, whole), (raw_grown, raw_whole))) = figures else { return Ok(()) };
    table.add(
        &format!("memory for that, of {rows} rows (p50)"),
        format!("{grown} kB, {whole} kB with the program"),
        format!("{raw_grown} kB, {raw_whole} kB with the program, raw SQLite"),
        format!("{:.2} x", grown as f64 / raw_grown.max(1) as f64),
        "",
    );
    Ok(())
}

/// The medians of what was taken by opening, and of the whole; none where the system does not tell.
fn memory(told: &[Told]) -> Option<(u64, u64)> {
    let median = |mut sizes: Vec<u64>| {
        sizes.sort_unstable();
        sizes.get(sizes.len() / 2).copied()
    };
    let both = told.iter().map(|told| told.before_kb.zip(told.after_kb)).collect::<Option<Vec<_>>>()?;
    let grown = both.iter().map(|(before, after)| after.saturating_sub(*before)).collect();
    median(grown).zip(median(both.iter().map(|(_, after)| *after).collect()))
}

async fn fresh(path: &Path, identity: Option<&Identity>) -> anyhow::Result<Told> {
    let identity = serde_json::to_string(&identity)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(CHILD).arg(path).arg(identity).stdin(Stdio::null()).stderr(Stdio::inherit());
    let said = command.output().await?;
    ensure!(said.status.success(), "the fresh process failed");
    Ok(serde_json::from_slice(&said.stdout)?)
}

/// The fresh process: opens as the identity, or without one as raw SQLite, and prints what it took.
pub fn child(mut arguments: impl Iterator<Item = String>) -> anyhow::Result<String> {
    let path = arguments.next().context("no path")?;
    let identity: Option<Identity> = serde_json::from_str(&arguments.next().context("no identity")?)?;
    let before_kb = resident_kb();
    let begin = Instant::now();
    // Held until memory is looked at.
    let (rows, _store, _connection) = match identity {
        Some(identity) => {
            let store = Store::open(Path::new(&path), &REGISTRY, &identity, StoreOptions::default())?;
            let rows = store.reader()?.select::<Assignment>(DAY, &[])?.len();
            (rows, Some(store), None)
        }
        None => {
            let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            let rows = raw_rows(&connection)?;
            (rows, None, Some(connection))
        }
    };
    let micros = u64::try_from(begin.elapsed().as_micros())?;
    Ok(serde_json::to_string(&Told { micros, rows, before_kb, after_kb: resident_kb() })?)
}

fn raw_rows(connection: &Connection) -> anyhow::Result<usize> {
    let mut statement = connection.prepare(&format!("select * from assignment where {DAY}"))?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            std::hint::black_box(row.get_ref(column)?);
        }
        count += 1;
    }
    Ok(count)
}

/// Resident memory of this process in kB, where the system tells.
fn resident_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
