//! What a reconnect with nothing new costs, beside a raw Postgres connection that asks one question.

use std::time::{Duration, Instant};

use satchel_tests::phone::Phone;
use sqlx::Connection as _;

use crate::{
    table::{Table, percentile, time, times},
    world::World,
};

/// Reconnects measured.
const RECONNECTS: usize = 50;

/// Measures with a phone that is synced.
pub async fn run(world: &World, phone: &Phone, table: &mut Table) -> anyhow::Result<()> {
    let mut ours = Vec::with_capacity(RECONNECTS);
    let mut traffic = phone.proxy.traffic();
    for _ in 0..RECONNECTS {
        phone.client.stop().await?;
        traffic = phone.proxy.traffic();
        let begin = Instant::now();
        phone.client.start().await?;
        phone.settled().await;
        ours.push(begin.elapsed());
    }
    let cost = phone.proxy.traffic().since(traffic);
    let mut raw = Vec::with_capacity(RECONNECTS);
    let options = world.admin.connect_options();
    for _ in 0..RECONNECTS {
        let begin = Instant::now();
        let mut connection = sqlx::PgConnection::connect_with(&options).await?;
        sqlx::query("select 1").execute(&mut connection).await?;
        raw.push(begin.elapsed());
        connection.close().await?;
    }
    let (ours, raw): (Duration, Duration) = (percentile(&mut ours, 50), percentile(&mut raw, 50));
    table.add(
        &format!(
            "reconnect with nothing new: {} round trip, {} bytes up, {} down (p50)",
            cost.exchanges, cost.up_bytes, cost.down_bytes
        ),
        time(ours),
        format!("{}, raw Postgres: connect, select 1", time(raw)),
        times(ours, raw),
        "1 round trip, < 1 kB",
    );
    Ok(())
}
