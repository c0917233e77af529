//! No gaps, whatever happens to transactions, Postgres and its copies (P7).

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use satchel_domain::{REGISTRY, tables::VisitState};
use satchel_protocol::{
    ErrorCode,
    wire::{ServerMessage, stream::About},
};
use satchel_server::{
    cluster::ClusterOptions,
    database::{Database, PoolLimits},
    feed::{self, rows::Reader},
    http::Settings,
};
use satchel_tests::{
    contractor::Contractor,
    database,
    postgres::TestPostgres,
    replica::{Replica, assert_converged},
    server::{TestServer, patiently, unhurried},
};
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;
use uuid::Uuid;

const LINE: &str = "insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active) \
    values ($1, $2, $2, 'A line', 'material', 'each', 1, true)";

/// A writer who knows nothing of this server, with a transaction of its own.
struct Writer {
    connection: PgConnection,
    open: bool,
}

impl Writer {
    async fn new(options: &PgConnectOptions) -> Self {
        Self { connection: PgConnection::connect_with(options).await.unwrap(), open: false }
    }

    async fn say(&mut self, statement: &'static str) {
        sqlx::raw_sql(statement).execute(&mut self.connection).await.unwrap();
    }

    async fn begin(&mut self) {
        self.say("begin").await;
        self.open = true;
    }

    async fn end(&mut self, how: &'static str) {
        self.say(how).await;
        self.open = false;
    }

    async fn write(&mut self, org_id: Uuid) -> Uuid {
        let id = Uuid::now_v7();
        let sql = LINE.replace("$2, $2", "$2, $2::text");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(org_id).bind(id).execute(&mut self.connection).await.unwrap();
        id
    }

    /// Writes and undoes that; whether the disk knows nothing of it. Asked a few times: the log's writer may just be waking.
    async fn lose(&mut self, org_id: Uuid) -> bool {
        let end = "select pg_current_wal_insert_lsn()::text";
        let began: String = sqlx::query_scalar(end).fetch_one(&mut self.connection).await.unwrap();
        self.begin().await;
        self.write(org_id).await;
        self.end("rollback").await;
        let lost = "select wait_event = 'WalWriterMain' and pg_current_wal_lsn() <= $1::pg_lsn \
                    from pg_stat_activity where backend_type = 'walwriter'";
        for _ in 0..20 {
            let lost: Option<bool> =
                sqlx::query_scalar(lost).bind(&began).fetch_one(&mut self.connection).await.unwrap();
            if lost != Some(true) {
                return false;
            }
        }
        true
    }
}

#[tokio::test]
async fn readers_miss_nothing_of_writers_that_commit_out_of_order_and_wait_for_none() {
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let contractor = Contractor::new(&REGISTRY).await;
    let caller = contractor.technicians[0].caller;
    let server = TestServer::start(&contractor.database, &REGISTRY, unhurried()).await;
    let client = server.client(caller);
    let mut replica = Replica::new(&REGISTRY, contractor.org_id);
    let options = contractor.admin.connect_options();

    // Open from before the first to after the last of all others.
    let mut held = Writer::new(&options).await;
    held.begin().await;
    let last = held.write(contractor.org_id).await;

    let mut writers = Vec::new();
    for _ in 0..5 {
        writers.push(Writer::new(&options).await);
    }
    for _ in 0..150 {
        let writer = random.random_range(0..writers.len());
        let writer = &mut writers[writer];
        match (writer.open, random.random_range(0..4)) {
            (false, _) => {
                writer.begin().await;
                writer.write(contractor.org_id).await;
            }
            (true, 0) => {
                writer.write(contractor.org_id).await;
            }
            (true, 1) => writer.end("rollback").await,
            (true, _) => writer.end("commit").await,
        }
        if random.random_bool(0.4) {
            patiently(replica.catch_up(&client)).await.unwrap();
            assert_converged(&replica, &contractor.database, &caller).await;
        }
    }
    for writer in writers.iter_mut().filter(|writer| writer.open) {
        writer.end("commit").await;
    }
    replica.catch_up(&client).await.unwrap();
    assert!(replica.row("pricebook_item", last).is_none());
    held.end("commit").await;
    replica.catch_up(&client).await.unwrap();
    assert!(replica.row("pricebook_item", last).is_some());
    assert_converged(&replica, &contractor.database, &caller).await;
    assert_eq!(replica.rows_received, replica.rows.len(), "nothing was sent twice");
}

#[tokio::test]
async fn a_cursor_from_before_a_crash_does_not_skip_what_reuses_its_transaction_numbers() {
    let postgres = TestPostgres::private();
    let database = database::fresh_in(&postgres).await;
    let options = database.options();
    let contractor = Contractor::on(database, &REGISTRY).await;
    contractor.work(VisitState::Dispatched, &contractor.technicians[..1]).await;
    let caller = contractor.technicians[0].caller;
    let settings =
        Settings { hub: feed::HubSettings { poll: Duration::from_millis(50), announce: false }, ..unhurried() };
    let server = TestServer::start(&contractor.database, &REGISTRY, settings).await;
    let client = server.client(caller);

    // Nothing but commits forces the log to disk.
    let mut writer = Writer::new(&options).await;
    writer.say("alter system set wal_writer_delay = '10s'").await;
    writer.say("select pg_reload_conf()").await;
    writer.say("checkpoint").await;

    // Work that comes to nothing and is not on disk, and a cursor that counts it as seen.
    while !writer.lose(contractor.org_id).await {}
    let mut replica = Replica::new(&REGISTRY, contractor.org_id);
    replica.catch_up(&client).await.unwrap();
    let mut socket = client.socket(&replica.request()).await.unwrap();
    assert!(replica.apply(socket.delta().await));
    let old = feed::Cursor::decode(replica.cursor.as_ref().unwrap()).unwrap();

    postgres.cluster().stop_immediate().unwrap();
    postgres.cluster().restart().unwrap();

    let mut writer = Writer::new(&options).await;
    writer.begin().await;
    let id = writer.write(contractor.org_id).await;
    let xid: String =
        sqlx::query_scalar("select pg_current_xact_id()::text").fetch_one(&mut writer.connection).await.unwrap();
    writer.end("commit").await;
    assert!(xid.parse::<u64>().unwrap() < old.snapshot.xmax, "the number was not used again, so nothing is shown here");
    // Until the old cursor is not even of the future any more.
    for _ in 0..60 {
        writer.begin().await;
        writer.write(contractor.org_id).await;
        writer.end("rollback").await;
    }

    // By its snapshot alone, the old cursor would skip the row.
    let mut entered = loop {
        match contractor.database.begin_read(&caller).await {
            Ok(entered) => break entered,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let reader = Reader::new(&REGISTRY);
    let changes = reader.changes(&mut entered.tx, &old.snapshot, &[contractor.org_id]).await.unwrap();
    assert!(changes.iter().all(|change| change.id != id));
    drop(entered);

    // So it is not used: a pull and a stream are told, and checksums find the row.
    let refused = client.pull(&replica.request()).await.unwrap_err();
    assert_eq!(refused.why(), (ErrorCode::CursorStale, Some("restart")));
    loop {
        match socket.next().await.expect("the stream goes on") {
            ServerMessage::Error(error) if error.error.code == ErrorCode::CursorStale => {
                let reason = error.error.details["reason"].as_str().unwrap();
                assert!(error.about == About::Pull && ["restart", "future"].contains(&reason), "{error:?}");
                break;
            }
            // While Postgres was away.
            ServerMessage::Error(error) => assert_eq!(error.error.code, ErrorCode::ServiceUnavailable),
            ServerMessage::Heartbeat(_) => {}
            other => panic!("{other:?}"),
        }
    }
    let before = replica.rows_received;
    socket.say(&satchel_protocol::wire::ClientMessage::Pull(Box::new(replica.request_repair()))).await;
    assert!(replica.apply(socket.delta().await));
    assert!(replica.row("pricebook_item", id).is_some());
    assert_eq!(replica.rows_received - before, 2, "only the pricebook differed");
    assert_converged(&replica, &contractor.database, &caller).await;
}

#[tokio::test]
async fn a_standby_is_refused_and_its_promotion_begins_another_history() {
    let postgres = TestPostgres::private();
    let database = database::fresh_in(&postgres).await;
    let name = database.name().to_owned();
    let contractor = Contractor::on(database, &REGISTRY).await;
    contractor.work(VisitState::Dispatched, &contractor.technicians[..1]).await;
    let caller = contractor.technicians[0].caller;
    let server = TestServer::start(&contractor.database, &REGISTRY, unhurried()).await;
    let mut replica = Replica::new(&REGISTRY, contractor.org_id);
    replica.catch_up(&server.client(caller)).await.unwrap();

    let directory = TempDir::new().unwrap();
    let standby = postgres.cluster().start_standby(directory.path(), ClusterOptions::default()).unwrap();
    let options = standby.connect_options(&name).username("satchel_service");
    let copy = Database::connect(options, PoolLimits::default()).await.unwrap();
    let behind = TestServer::start(&copy, &REGISTRY, unhurried()).await;
    let client = behind.client(caller);

    for request in [replica.request(), replica.request_repair()] {
        let refused = client.pull(&request).await.unwrap_err();
        assert_eq!((refused.status, refused.why()), (503, (ErrorCode::ServiceUnavailable, Some("standby"))));
    }
    let ready = client.request(reqwest::Method::GET, "/readyz").send().await.unwrap();
    assert_eq!(ready.status(), 503);
    let mut socket = client.socket(&replica.request()).await.unwrap();
    let Some(ServerMessage::Error(error)) = socket.answer().await else { panic!("an error") };
    assert_eq!((error.about, error.error.code), (About::Pull, ErrorCode::ServiceUnavailable));

    // The primary goes, the standby takes over: what the lost primary handed out is not trusted.
    server.stop().await;
    postgres.cluster().stop_immediate().unwrap();
    let mut admin = PgConnection::connect_with(&standby.connect_options(&name)).await.unwrap();
    sqlx::raw_sql("select pg_promote()").execute(&mut admin).await.unwrap();
    let refused = client.pull(&replica.request()).await.unwrap_err();
    assert_eq!(refused.why(), (ErrorCode::CursorStale, Some("history")));
    replica.catch_up(&client).await.unwrap();
    assert_converged(&replica, &copy, &caller).await;
}

#[tokio::test]
async fn a_delta_looks_at_what_changed_and_not_at_the_whole_feed() {
    let contractor = Contractor::new(&REGISTRY).await;
    let options = contractor.admin.connect_options();
    let mut writer = Writer::new(&options).await;
    // One large transaction, so that statistics expect any number to have all rows.
    sqlx::query(
        "insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active) \
         select $1, gen_random_uuid(), 'X-' || n, 'Line', 'material', 'each', n, true from generate_series(1, 20000) n",
    )
    .bind(contractor.org_id)
    .execute(&mut writer.connection)
    .await
    .unwrap();
    writer.say("analyze satchel.feed").await;
    writer.begin().await;
    sqlx::query("select set_config('satchel.org_id', $1::text, true), set_config('satchel.user_id', $2::text, true)")
        .bind(contractor.org_id.to_string())
        .bind(contractor.dispatcher.user_id.to_string())
        .execute(&mut writer.connection)
        .await
        .unwrap();
    let changes = "select count(*) from satchel.feed_changes(pg_snapshot_xmax(pg_current_snapshot()), \
        array(select n::text::xid8 from generate_series(3, 40) n), array[$1])";
    sqlx::query(changes).bind(contractor.org_id).execute(&mut writer.connection).await.unwrap();
    let wakes = "select count(*) from satchel.feed_wake(pg_snapshot_xmax(pg_current_snapshot()), \
        array(select n::text::xid8 from generate_series(3, 40) n))";
    sqlx::query(wakes).execute(&mut writer.connection).await.unwrap();
    let read: i64 = sqlx::query_scalar(
        "select sum(seq_tup_read + idx_tup_fetch)::bigint from pg_stat_xact_all_tables where relname like 'feed\\_%'",
    )
    .fetch_one(&mut writer.connection)
    .await
    .unwrap();
    assert!(read < 100, "{read} rows of the feed were read for nothing");
}
