//! Mutations: one tap beside a raw SQLite transaction of the same rows, and the drain of a queue beside raw Postgres
//! writing the same rows in set statements.

use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use satchel_protocol::limits::PUSH_MUTATIONS;
use satchel_tests::phone::Phone;

use crate::{
    table::{Table, per_second, percent, percentile, rate, time, times},
    world::World,
};

/// Mutations entered and sent.
const MUTATIONS: usize = 1_000;

/// Measures with a phone that is synced.
pub async fn run(world: &World, phone: &Phone, table: &mut Table) -> anyhow::Result<()> {
    let place = world.place(phone, 0).await?;
    // The first push of a phone also registers it.
    phone.client.mutate(&place.material()).await?;
    phone.settled().await;

    phone.client.set_network(false).await?;
    let (mut taps, mut raw_taps) = (Vec::with_capacity(MUTATIONS), Vec::with_capacity(MUTATIONS));
    let mut raw = RawTaps::new()?;
    for _ in 0..MUTATIONS {
        // In turns, so that what else the disk does meets both.
        raw_taps.push(raw.tap()?);
        let mutation = place.material();
        let begin = Instant::now();
        tokio::task::block_in_place(|| phone.client.mutate_blocking(&mutation))?;
        taps.push(begin.elapsed());
    }
    drop(raw);
    let (tap, raw_tap) = (percentile(&mut taps, 50), percentile(&mut raw_taps, 50));
    table.add(
        "a tap: one mutation, durable (p50)",
        time(tap),
        format!("{}, raw SQLite transaction of the same rows", time(raw_tap)),
        times(tap, raw_tap),
        "<= 1.5 x",
    );

    let begin = Instant::now();
    phone.client.set_network(true).await?;
    phone.until("every verdict is here", |status| status.queue.unsent() == 0).await;
    let verdicts = begin.elapsed();
    phone.settled().await;
    let settled = begin.elapsed();
    let raw = raw_sets(world).await?;
    let count = MUTATIONS as u64;
    let beside = format!("{}, raw Postgres, same rows in set statements", rate(count, raw, "mutations"));
    let ratio = |ours| percent(per_second(count, ours), per_second(count, raw));
    table.add(
        "1,000 mutations sent, until the last verdict is stored",
        rate(count, verdicts, "mutations"),
        beside.clone(),
        ratio(verdicts),
        ">= 5,000/s, >= 50 %",
    );
    table.add("the same, until their rows came back", rate(count, settled, "mutations"), beside, ratio(settled), "");
    Ok(())
}

/// What a tap writes at least: the row, its base image, the queue's entry.
struct RawTaps {
    connection: Connection,
    _folder: tempfile::TempDir,
}

impl RawTaps {
    fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let connection = Connection::open(folder.path().join("raw.sqlite"))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.execute_batch(
            "create table material_used (id text primary key, rev integer, job_id text, branch_id text, visit_id text,
                 item_id text, name text, quantity text, unit_price_cents integer);
             create index by_visit on material_used (visit_id);
             create index by_job on material_used (job_id);
             create table base (table_name text, id text, image text, primary key (table_name, id)) without rowid;
             create table queue (local_order integer primary key, key text unique, seq integer, name text, args text,
                 context text, footprint text)",
        )?;
        Ok(Self { connection, _folder: folder })
    }

    fn tap(&mut self) -> anyhow::Result<Duration> {
        let id = uuid::Uuid::now_v7().to_string();
        let begin = Instant::now();
        let transaction = self.connection.transaction()?;
        transaction
            .prepare_cached("insert into material_used values (?1, 0, ?1, ?1, ?1, ?1, 'A filter', '1.000', 1250)")?
            .execute([&id])?;
        transaction.prepare_cached("insert into base values ('material_used', ?1, null)")?.execute([&id])?;
        transaction
            .prepare_cached("insert into queue (key, name, args, context, footprint) values (?1, ?2, ?3, ?3, ?3)")?
            .execute(params![id, "material/v1/add", "x".repeat(300)])?;
        transaction.commit()?;
        Ok(begin.elapsed())
    }
}

/// Writes the rows of the drain once more, in as many transactions, with the same triggers, constraints and indexes,
/// from tables inside Postgres: nothing crosses a wire.
async fn raw_sets(world: &World) -> anyhow::Result<Duration> {
    let tables = ["material_used", "mutation_ledger", "audit_log"];
    let mut connection = world.admin.acquire().await?;
    for name in tables {
        let order = if name == "audit_log" { "id" } else { "created_at" };
        let copy = format!(
            "create temporary table copy_{name} as select row_number() over () - 1 as place, t.* \
             from (select * from satchel.{name} order by {order} desc limit {MUTATIONS}) t"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(copy)).execute(&mut *connection).await?;
    }
    sqlx::raw_sql(
        "update copy_material_used set id = gen_random_uuid(); \
         update copy_mutation_ledger set key = gen_random_uuid(), device_id = null, seq = null; \
         update copy_audit_log set id = id + 1000000, key = gen_random_uuid()",
    )
    .execute(&mut *connection)
    .await?;
    let columns = |name: &'static str| {
        sqlx::query_scalar::<_, String>(
            "select string_agg(quote_ident(column_name), ', ') from information_schema.columns \
             where table_schema = 'satchel' and table_name = $1 and is_generated = 'NEVER'",
        )
        .bind(name)
    };
    let mut statements = Vec::new();
    for name in tables {
        let columns = columns(name).fetch_one(&mut *connection).await?;
        statements.push(format!(
            "insert into satchel.{name} ({columns}) overriding system value \
             select {columns} from copy_{name} where place >= $1 and place < $2"
        ));
    }
    let begin = Instant::now();
    let mut from = 0_i64;
    while from < MUTATIONS as i64 {
        let until = from + PUSH_MUTATIONS as i64;
        let mut transaction = sqlx::Connection::begin(&mut *connection).await?;
        for statement in &statements {
            sqlx::query(sqlx::AssertSqlSafe(statement.as_str()))
                .bind(from)
                .bind(until)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        from = until;
    }
    Ok(begin.elapsed())
}
