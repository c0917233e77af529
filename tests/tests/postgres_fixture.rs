//! The Postgres fixture keeps its own promises.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    io::Read as _,
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use satchel_tests::postgres::{TestDatabase, TestPostgres};
use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};

/// Longest wait for a killed process's cluster to vanish, in seconds.
const CLEANUP_WAIT_MAX_S: u64 = 30;

/// Set in a copy of this test program that is about to be killed.
const VICTIM: &str = "SATCHEL_TEST_VICTIM";

static MIGRATIONS: AtomicU32 = AtomicU32::new(0);

async fn migrate(options: PgConnectOptions) -> sqlx::Result<()> {
    MIGRATIONS.fetch_add(1, Ordering::SeqCst);
    let mut connection = PgConnection::connect_with(&options).await?;
    sqlx::raw_sql("create table word (word text)").execute(&mut connection).await?;
    // Left open on purpose: the fixture must cope with a careless migration.
    Ok(())
}

async fn count(database: &TestDatabase) -> i64 {
    sqlx::query_scalar("select count(*) from word").fetch_one(&mut database.connect().await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn databases_are_separate_copies_of_one_template() {
    let postgres = TestPostgres::shared();
    let tests = (0..8).map(|_| {
        tokio::spawn(async {
            let database = postgres.database(migrate).await;
            let pool = database.pool(2).await;
            sqlx::query("insert into word values ('mine')").execute(&pool).await.unwrap();
            assert_eq!(count(&database).await, 1);
            database.name().to_owned()
        })
    });
    let mut names = Vec::new();
    for test in tests.collect::<Vec<_>>() {
        names.push(test.await.unwrap());
    }
    assert_eq!(MIGRATIONS.load(Ordering::SeqCst), 1);
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 8);
    let mut administration = PgConnection::connect_with(&postgres.cluster().connect_options("postgres")).await.unwrap();
    let left: i64 = sqlx::query_scalar("select count(*) from pg_database where datname = any($1)")
        .bind(names)
        .fetch_one(&mut administration)
        .await
        .unwrap();
    assert_eq!(left, 0, "databases are dropped with their tests");
}

#[tokio::test]
async fn a_private_cluster_can_be_killed_and_keeps_what_was_committed() {
    let postgres = TestPostgres::private();
    let database = postgres.database(migrate_private).await;
    sqlx::query("insert into word values ('kept')").execute(&mut database.connect().await).await.unwrap();
    postgres.cluster().stop_immediate().unwrap();
    postgres.cluster().restart().unwrap();
    assert_eq!(count(&database).await, 1);
    let directory = postgres.cluster().data().to_owned();
    drop(database);
    drop(postgres);
    assert!(!directory.exists());
}

async fn migrate_private(options: PgConnectOptions) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect_with(&options).await?;
    sqlx::raw_sql("create table word (word text)").execute(&mut connection).await?;
    Ok(())
}

/// Runs only in the copy of this program that the next test starts and kills.
#[test]
fn victim() {
    if std::env::var_os(VICTIM).is_some() {
        println!("<{}>", TestPostgres::shared().cluster().data().display());
        loop {
            std::thread::park();
        }
    }
}

#[test]
fn a_killed_test_process_leaves_nothing_behind() {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim", "--nocapture"])
        .env(VICTIM, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = process.stdout.take().unwrap();
    let mut text = String::new();
    let mut byte = [0];
    while !text.ends_with('>') {
        assert_eq!(output.read(&mut byte).unwrap(), 1, "the copy ended early: {text}");
        text.push(byte[0].into());
    }
    let (_, directory) = text.trim_end_matches('>').rsplit_once('<').unwrap();
    let directory = std::path::PathBuf::from(directory);
    assert!(directory.join("postmaster.pid").exists());
    process.kill().unwrap();
    process.wait().unwrap();
    let deadline = Instant::now() + Duration::from_secs(CLEANUP_WAIT_MAX_S);
    while directory.parent().unwrap().exists() {
        assert!(Instant::now() < deadline, "{} is still there", directory.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}
