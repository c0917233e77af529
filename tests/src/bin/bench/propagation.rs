//! From the tap on one phone to the row on another, beside what two raw databases take to commit it.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use satchel_domain::tables::MaterialUsed;
use satchel_tests::phone::Phone;

use crate::{
    table::{Table, percentile, time, times},
    world::World,
};

/// Changes carried.
const CHANGES: usize = 300;
/// Changes before the first that counts.
const WARM_UP: usize = 30;

/// Measures between `phone` and another one of the same technician.
pub async fn run(world: &World, phone: &Phone, table: &mut Table) -> anyhow::Result<()> {
    let other = world.synced_phone(0).await?;
    let place = world.place(phone, 0).await?;
    let mut carried = Vec::with_capacity(CHANGES);
    let observation = other.client.observe(&[<MaterialUsed as satchel_protocol::Record>::TABLE])?;
    for number in 0..WARM_UP + CHANGES {
        let mutation = place.material();
        let id = mutation.material_id;
        let begin = Instant::now();
        phone.client.mutate(&mutation).await?;
        loop {
            observation.changed().await;
            if other.client.read_blocking(|reader| reader.get(id))?.is_some() {
                break;
            }
        }
        if number >= WARM_UP {
            carried.push(begin.elapsed());
        }
        phone.settled().await;
    }
    let mut floor = floor(world).await?;
    for (percent, target) in [(50, "<= 5 ms"), (99, "<= 25 ms")] {
        let (ours, raw) = (percentile(&mut carried, percent), percentile(&mut floor, percent));
        table.add(
            &format!("from a tap on one phone to the row on another (p{percent})"),
            time(ours),
            format!("{}, raw commits of it: SQLite, Postgres, SQLite", time(raw)),
            times(ours, raw),
            target,
        );
    }
    Ok(())
}

/// A durable row in SQLite, in Postgres, and in SQLite again: what no design gets below.
async fn floor(world: &World) -> anyhow::Result<Vec<Duration>> {
    let folder = tempfile::tempdir()?;
    let connection = Connection::open(folder.path().join("raw.sqlite"))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.execute_batch("create table sample (id integer primary key, text text)")?;
    let mut postgres = world.admin.acquire().await?;
    sqlx::raw_sql("create table public.sample (id bigint generated always as identity primary key, text text)")
        .execute(&mut *postgres)
        .await?;
    let mut times = Vec::with_capacity(CHANGES);
    for _ in 0..CHANGES {
        let begin = Instant::now();
        connection.prepare_cached("insert into sample (text) values ('a line of material')")?.execute([])?;
        sqlx::query("insert into public.sample (text) values ('a line of material')").execute(&mut *postgres).await?;
        connection.prepare_cached("insert into sample (text) values ('a line of material')")?.execute([])?;
        times.push(begin.elapsed());
    }
    Ok(times)
}
