//! Histories of real processes keep every promise. `./dev simulate --full` lives through more of them.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::path::Path;

use satchel_simulate::full::{Options, Plan, Programs, run};

/// Histories of every run of the tests: some with a restored database, a copied phone, a killed server and a killed Postgres.
const SEEDS: [u64; 4] = [1, 2, 3, 4];
/// Beside other tests nobody is promised to be at rest within seconds: that it comes to rest is what is tested here.
const RECOVERY_MOST_MS: u64 = 60_000;

#[test]
fn no_history_of_real_processes_breaks_a_promise() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        programs: Programs::beside(Path::new(env!("CARGO_BIN_EXE_simulate"))).unwrap(),
        first_seed: SEEDS[0],
        runs: SEEDS.len() as u64,
        keep: None,
        at_a_time: SEEDS.len(),
        recovery_most_ms: RECOVERY_MOST_MS,
        stop_when_broken: false,
        base: folder.path().to_owned(),
        postgres_base: std::env::temp_dir(),
    };
    let tally = run(&options, |_, _, _| {}).unwrap();
    for (seed, broken) in &tally.broken {
        println!("{}: {}; the same plan again: ./dev simulate --full --seed {seed}", broken.promise.word(), broken.how);
    }
    assert!(tally.broken.is_empty());
    assert_eq!(tally.runs, SEEDS.len() as u64);
    assert!(tally.rows > 0 && tally.tap_ms.len() > 20, "{tally:?}");
    assert!(tally.injected.len() > 8, "{:?}", tally.injected);
}

#[test]
fn a_seed_makes_the_same_plan() {
    for seed in 0..200 {
        assert_eq!(format!("{:?}", Plan::of(seed)), format!("{:?}", Plan::of(seed)));
    }
}
