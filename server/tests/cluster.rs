//! The private cluster, against the Postgres programs of this machine.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    error::Error,
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
};

use satchel_server::cluster::{Cluster, ClusterError, ClusterOptions, Durability, OLDEST_MAJOR};
use sqlx::{Connection as _, PgConnection, Row as _};
use tempfile::TempDir;

type Outcome = Result<(), Box<dyn Error>>;

fn disposable() -> ClusterOptions {
    ClusterOptions { durability: Durability::Disposable, max_connections: 20, ..ClusterOptions::default() }
}

async fn connect(cluster: &Cluster) -> PgConnection {
    PgConnection::connect_with(&cluster.connect_options("postgres")).await.unwrap()
}

async fn one(connection: &mut PgConnection, statement: &'static str) -> String {
    sqlx::query(statement).fetch_one(connection).await.unwrap().get(0)
}

async fn write_a_row(cluster: &Cluster) {
    let mut connection = connect(cluster).await;
    sqlx::raw_sql("create table kept (word text); insert into kept values ('still here')")
        .execute(&mut connection)
        .await
        .unwrap();
}

async fn assert_row_is_there(cluster: &Cluster) {
    assert_eq!(one(&mut connect(cluster).await, "select word from kept").await, "still here");
}

#[tokio::test]
async fn a_fresh_cluster_is_private_and_set_up_as_asked() -> Outcome {
    let home = TempDir::new()?;
    let cluster = Cluster::start(&home.path().join("new/data"), disposable())?;
    let mut connection = connect(&cluster).await;
    assert_eq!(one(&mut connection, "show listen_addresses").await, "");
    assert_eq!(one(&mut connection, "show server_encoding").await, "UTF8");
    assert_eq!(one(&mut connection, "show timezone").await, "UTC");
    assert_eq!(one(&mut connection, "show fsync").await, "off");
    assert_eq!(one(&mut connection, "show max_connections").await, "20");
    assert_eq!(one(&mut connection, "select datcollate::text from pg_database limit 1").await, "C");
    assert!(cluster.major() >= OLDEST_MAJOR);
    for directory in [cluster.data(), cluster.socket()] {
        assert_eq!(fs::metadata(directory)?.mode() & 0o777, 0o700, "{}", directory.display());
    }
    let mark = cluster.data().join("postmaster.pid");
    assert!(mark.exists());
    drop(cluster);
    assert!(!mark.exists());
    Ok(())
}

#[tokio::test]
async fn a_durable_cluster_keeps_its_data_over_stop_restart_and_a_crash() -> Outcome {
    let home = TempDir::new()?;
    let cluster = Cluster::start(home.path(), ClusterOptions::default())?;
    assert_eq!(one(&mut connect(&cluster).await, "show fsync").await, "on");
    write_a_row(&cluster).await;

    cluster.restart()?;
    assert_row_is_there(&cluster).await;

    cluster.stop()?;
    cluster.stop()?;
    assert_eq!(cluster.process_id(), None);
    cluster.restart()?;
    assert_row_is_there(&cluster).await;

    cluster.stop_immediate()?;
    assert!(PgConnection::connect_with(&cluster.connect_options("postgres")).await.is_err());
    cluster.restart()?;
    assert_row_is_there(&cluster).await;

    drop(cluster);
    let again = Cluster::start(home.path(), ClusterOptions::default())?;
    assert_row_is_there(&again).await;
    Ok(())
}

#[tokio::test]
async fn a_second_user_joins_and_the_last_one_to_leave_stops_it() -> Outcome {
    let home = TempDir::new()?;
    let first = Cluster::start(home.path(), disposable())?;
    write_a_row(&first).await;
    let second = Cluster::start(home.path(), disposable())?;
    assert_eq!(first.process_id(), second.process_id());
    assert!(second.process_id().is_some());

    drop(first);
    assert_row_is_there(&second).await;
    let data = second.data().to_owned();
    drop(second);
    assert!(!data.join("postmaster.pid").exists());
    Ok(())
}

#[tokio::test]
async fn many_starts_at_once_make_one_cluster() -> Outcome {
    let home = TempDir::new()?;
    let clusters: Vec<Cluster> = std::thread::scope(|scope| {
        let starting: Vec<_> =
            (0..4).map(|_| scope.spawn(|| Cluster::start(home.path(), disposable()).unwrap())).collect();
        starting.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let servers: std::collections::HashSet<_> = clusters.iter().map(Cluster::process_id).collect();
    assert_eq!(servers.len(), 1);
    Ok(())
}

#[tokio::test]
async fn the_mark_of_a_crashed_server_is_no_obstacle() -> Outcome {
    let home = TempDir::new()?;
    let cluster = Cluster::start(home.path(), ClusterOptions::default())?;
    write_a_row(&cluster).await;
    let mark = cluster.data().join("postmaster.pid");
    let text = fs::read_to_string(&mark)?;
    let server = cluster.process_id().ok_or("it runs")?.to_string();
    cluster.stop()?;
    // As after a power failure, with the process id meanwhile given to somebody else: this test.
    fs::write(&mark, text.replacen(&server, &std::process::id().to_string(), 1))?;
    drop(cluster);
    let again = Cluster::start(home.path(), ClusterOptions::default())?;
    assert_row_is_there(&again).await;
    Ok(())
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_gets_a_short_private_one() -> Outcome {
    let home = TempDir::new()?;
    let cluster = Cluster::start(&home.path().join("d".repeat(120)), disposable())?;
    let socket = cluster.socket().to_owned();
    assert!(socket.as_os_str().len() < 80, "{}", socket.display());
    assert_eq!(fs::metadata(&socket)?.mode() & 0o777, 0o700);
    write_a_row(&cluster).await;
    cluster.restart()?;
    assert_row_is_there(&cluster).await;
    drop(cluster);
    assert!(!socket.exists());
    Ok(())
}

#[tokio::test]
async fn odd_characters_in_the_path_are_quoted() -> Outcome {
    let home = TempDir::new()?;
    let cluster = Cluster::start(&home.path().join("it's, \"here\" & $now"), disposable())?;
    let by_url: sqlx::postgres::PgConnectOptions = cluster.url("postgres").parse()?;
    let mut connection = PgConnection::connect_with(&by_url).await?;
    assert_eq!(one(&mut connection, "select current_user::text").await, "postgres");
    Ok(())
}

#[tokio::test]
async fn a_standby_follows() -> Outcome {
    let (home, other) = (TempDir::new()?, TempDir::new()?);
    let primary = Cluster::start(home.path(), ClusterOptions::default())?;
    write_a_row(&primary).await;
    let standby = primary.start_standby(other.path(), ClusterOptions::default())?;
    assert_row_is_there(&standby).await;
    let recovering = one(&mut connect(&standby).await, "select pg_is_in_recovery()::text").await;
    assert_eq!(recovering, "true");
    Ok(())
}

#[test]
fn missing_programs_name_what_to_install() -> Outcome {
    let (home, empty) = (TempDir::new()?, TempDir::new()?);
    let options = ClusterOptions { postgres_bin: Some(empty.path().to_owned()), ..disposable() };
    let error = Cluster::start(home.path(), options).unwrap_err();
    assert!(matches!(&error, ClusterError::BinariesMissing { searched } if searched.len() == 1), "{error}");
    assert!(error.to_string().contains("apt install postgresql"), "{error}");
    assert!(error.to_string().contains("DATABASE_URL"), "{error}");
    Ok(())
}

/// A directory with programs that only tell a version.
fn programs_of_version(version: &str) -> Result<TempDir, Box<dyn Error>> {
    let directory = TempDir::new()?;
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755))?;
    for program in ["postgres", "initdb", "pg_ctl"] {
        let path = directory.path().join(program);
        fs::write(&path, format!("#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n"))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(directory)
}

#[test]
fn old_programs_are_refused() -> Outcome {
    let (home, programs) = (TempDir::new()?, programs_of_version("14.9")?);
    let options = ClusterOptions { postgres_bin: Some(programs.path().to_owned()), ..disposable() };
    let error = Cluster::start(home.path(), options).unwrap_err();
    assert!(matches!(error, ClusterError::TooOld { major: 14, .. }), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_directory_of_another_major_version_is_left_alone() -> Outcome {
    let home = TempDir::new()?;
    let cluster = Cluster::start(home.path(), disposable())?;
    let version = cluster.data().join("PG_VERSION");
    cluster.stop()?;
    drop(cluster);
    let before = fs::read_to_string(&version)?;
    fs::write(&version, "99\n")?;
    let error = Cluster::start(home.path(), disposable()).unwrap_err();
    assert!(matches!(error, ClusterError::OtherMajor { directory_major: 99, .. }), "{error}");
    assert!(error.to_string().contains("99"), "{error}");

    fs::write(&version, before)?;
    Cluster::start(home.path(), disposable())?;
    Ok(())
}

#[test]
fn a_directory_with_something_else_in_it_is_left_alone() -> Outcome {
    let home = TempDir::new()?;
    let occupied = home.path().join("postgres");
    fs::create_dir(&occupied)?;
    fs::write(occupied.join("photo.jpg"), "precious")?;
    let error = Cluster::start(home.path(), disposable()).unwrap_err();
    assert!(matches!(error, ClusterError::NotACluster(_)), "{error}");
    assert_eq!(fs::read_to_string(occupied.join("photo.jpg"))?, "precious");
    Ok(())
}

#[tokio::test]
async fn a_broken_setting_is_reported_with_the_log() -> Outcome {
    let home = TempDir::new()?;
    let cluster = Cluster::start(home.path(), disposable())?;
    cluster.stop()?;
    let main = cluster.data().join("postgresql.conf");
    fs::write(&main, fs::read_to_string(&main)? + "\nno_such_setting = 1\n")?;
    let error = cluster.restart().unwrap_err();
    let ClusterError::StartFailed { log, reason } = &error else { return Err(error.into()) };
    assert!(log.exists());
    assert!(reason.contains("postgresql.conf"), "{reason}");
    Ok(())
}

#[tokio::test]
async fn a_directory_the_account_cannot_reach_is_used_through_a_link() -> Outcome {
    // Outside the temporary directory, where nothing may be opened for Postgres' account.
    // The build's own folder may lie within it.
    let blocked = TempDir::new_in("/var/tmp")?;
    fs::set_permissions(blocked.path(), fs::Permissions::from_mode(0o700))?;
    let data_dir = blocked.path().join("data");
    let cluster = Cluster::start(&data_dir, ClusterOptions::default())?;
    write_a_row(&cluster).await;
    assert_eq!(fs::metadata(blocked.path())?.mode() & 0o777, 0o700);
    let data = cluster.data().to_owned();
    drop(cluster);
    let again = Cluster::start(&data_dir, ClusterOptions::default())?;
    assert_eq!(again.data(), data);
    assert_row_is_there(&again).await;
    drop(again);
    if let Ok(elsewhere) = fs::read_link(data_dir.join("postgres")) {
        fs::remove_dir_all(elsewhere.parent().ok_or("a home")?)?;
    }
    Ok(())
}
