//! A small fleet, for real: processes, sockets, files, a Postgres.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::time::Duration;

use clap::Parser as _;
use satchel_fleet::{
    Fleet, Options, Progress, Summary,
    record::{Effect, Record, Tap},
};
use satchel_stage::server::{self, PrivateServer, Size};
use serde_json::Value;
use tokio::{process::Command, time::timeout};
use uuid::Uuid;

/// Seconds until a run is given up.
const PATIENCE_S: u64 = 300;

/// What can become of a tap.
const DECIDED: [&str; 5] = ["accepted", "refused", "quarantined", "taken_back", "waiting"];

/// What the summary says when this record is held against what is there.
async fn summed_up(fleet: &Fleet, options: &Options, life: &satchel_fleet::Life, record: &Record) -> Summary {
    let proof = fleet.prove(record, &Progress::new()).await.unwrap();
    Summary::new(options, life, &proof)
}

fn number(summary: &Value, name: &str) -> u64 {
    summary[name].as_u64().unwrap_or_else(|| panic!("no {name} in {summary}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn six_technicians_in_basements_lose_nothing_and_what_is_lost_or_doubled_is_found() {
    let flags = ["--technicians", "6", "--speedup", "3600", "--network", "basement", "--pricebook-items", "100"];
    let options = Options::parse_from([&["satchel-fleet", "--seed", "5"][..], &flags].concat());
    let mut fleet = Fleet::gather(&options, &Progress::new()).await.unwrap();
    let life = fleet.live(&Progress::new()).await.unwrap();
    let summary = summed_up(&fleet, &options, &life, &life.record).await;
    let told = summary.to_json();
    assert!(summary.kept(), "{}", summary.table());
    assert_eq!(summary.exit_code(), 0);
    for zero in ["lost", "doubled", "leaked", "different", "stuck", "server_errors", "unseen_visits"] {
        assert_eq!(number(&told, zero), 0, "{zero}: {told}");
    }
    let tapped = life.record.taps.len() as u64;
    // Four visits each, of a dozen taps and more, though some are called off.
    assert!(tapped > 6 * 4 * 10, "{tapped} taps");
    let decided = DECIDED.map(|name| number(&told, name));
    assert_eq!(decided.iter().sum::<u64>(), tapped, "{told}");
    assert!(decided[0] > tapped / 2 && number(&told, "effects") > decided[0] / 2, "{told}");
    // A basement on every visit.
    assert!(number(&told, "reconnects") >= 6 * 4, "{told}");
    assert!(number(&told, "rows_compared") > 6 * 100 && number(&told, "pushes") > 0, "{told}");
    assert!(number(&told, "bytes_up") > 0 && number(&told, "bytes_down") > 0, "{told}");
    assert!(told["verdict_p99_ms"].as_f64() > told["tap_p50_ms"].as_f64(), "{told}");
    let table = summary.table();
    for line in ["promises                      kept", "stuck phones                  0"] {
        assert!(table.contains(line), "{table}");
    }

    // A tap that the server never had.
    let mut record = life.record.clone();
    let lost = Tap {
        key: Uuid::now_v7(),
        technician: 0,
        name: "visit/v1/accept",
        effect: Effect::Other,
        took: Duration::ZERO,
    };
    record.taps.push(lost);
    let summary = summed_up(&fleet, &options, &life, &record).await;
    assert_eq!((summary.exit_code(), number(&summary.to_json(), "lost")), (1, 1));
    assert!(summary.table().contains("BROKEN"));

    // An accepted one whose effect is not there; and an effect that nobody tapped, like one applied twice.
    let step = |tap: &&mut Tap| matches!(tap.effect, Effect::Started { .. });
    let accepted = life.record.clone();
    let mut record = accepted.clone();
    let Effect::Started { id, .. } = &mut record.taps.iter_mut().find(step).unwrap().effect else { unreachable!() };
    *id = Uuid::now_v7();
    let summary = summed_up(&fleet, &options, &life, &record).await;
    let told = summary.to_json();
    assert_eq!(summary.exit_code(), 1);
    assert!(number(&told, "lost") >= 1 && number(&told, "doubled") >= 1, "{told}");
    assert_eq!(summed_up(&fleet, &options, &life, &accepted).await.exit_code(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_works_against_a_server_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let (programs, data) = (server::programs().unwrap(), folder.path().join("server"));
    let size = Size { organizations: 1, technicians: 3, jobs_per_technician: 12, pricebook_items: 50, seed: 9 };
    let people = PrivateServer::seed(&programs, &data, &size).await.unwrap();
    let file = folder.path().join("people.json");
    std::fs::write(&file, people.to_string()).unwrap();
    let server = PrivateServer::start(&programs, &data).await.unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_satchel-fleet"));
    command.args(["--server", &server.url(), "--people"]).arg(&file).kill_on_drop(true);
    command.args(["--technicians", "2", "--speedup", "7200", "--seed", "3", "--json"]);
    let ran = timeout(Duration::from_secs(PATIENCE_S), command.output()).await.unwrap().unwrap();
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stdout));
    let told: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(told["kept"], true);
    let decided = DECIDED.map(|name| number(&told, name));
    assert_eq!(decided.iter().sum::<u64>(), number(&told, "tapped"), "{told}");
    // Not a terminal: lines instead of a bar, and the seed to run it again.
    for line in
        ["Seed 3", "phones filled: 2 of 2", "percent of the days passed: 100 of 100", "replicas compared: 2 of 2"]
    {
        assert!(said.contains(line), "{said}");
    }

    let mut command = Command::new(env!("CARGO_BIN_EXE_satchel-fleet"));
    command.args(["--server", &server.url(), "--people"]).arg(&file).args(["--technicians", "4"]).kill_on_drop(true);
    let ran = timeout(Duration::from_secs(PATIENCE_S), command.output()).await.unwrap().unwrap();
    assert_eq!(ran.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("3 technicians only"));
}
