//! The simulator itself: histories keep every promise, bugs planted in phone and server are found.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

use satchel_simulate::{
    history::History,
    planted::Planted,
    run::{Plan, run},
    shrink::{live, shrink},
};

/// Histories of every run of the tests; `./dev simulate` lives through more.
const HISTORIES: u64 = 300;
/// Histories within which a planted bug must be found.
const HISTORIES_TO_FIND: u64 = 1_500;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn quietly() {
    // A panic inside a history is caught and counted.
    std::panic::set_hook(Box::new(|_| {}));
}

#[test]
fn no_history_breaks_a_promise() {
    let folder = folder();
    // Always the same ones here; `./dev simulate` takes others every time.
    let first_seed = std::env::var("SIMULATE_SEED").map_or(1, |seed| seed.parse().unwrap());
    let plan = Plan { first_seed, runs: HISTORIES, planted: None, stop_when_broken: true, base: folder.path() };
    let tally = run(&plan, |_, _| {}).unwrap();
    for (seed, broken) in &tally.broken {
        println!("{}: {}; shrink and replay it with ./dev simulate --seed {seed}", broken.promise.word(), broken.how);
    }
    assert!(tally.broken.is_empty());
    assert!(tally.injected.len() > 20, "{:?}", tally.injected);
}

#[test]
fn a_history_replayed_is_the_same() {
    let folder = folder();
    for seed in 0..20 {
        let lives = [0, 1].map(|_| live(&History::of(seed), folder.path(), None).unwrap());
        assert_eq!(lives[0].events, lives[1].events, "seed {seed}");
        assert_eq!(lives[0].recovery_ms, lives[1].recovery_ms, "seed {seed}");
    }
}

/// Histories that broke a promise once, as they were shrunk: seed, steps kept, what was wrong.
const BROKE_ONCE: [(u64, &[usize], &str); 1] = [(
    7_003_141,
    &[2, 3, 7, 8, 11, 12, 13, 20, 28],
    "the same backup restored twice gave the same revisions out twice, and checksums agreed over different rows",
)];

#[test]
fn what_broke_a_promise_once_does_so_no_more() {
    let folder = folder();
    for (seed, keep, wrong) in BROKE_ONCE {
        let broken = live(&History::of(seed).only(keep), folder.path(), None).unwrap().broken;
        assert!(broken.is_none(), "seed {seed}: {wrong}: {broken:?}");
    }
}

/// A simulator that finds nothing proves nothing: each of these is found, on seeds that break no promise without it.
#[test]
fn every_planted_bug_is_found() {
    quietly();
    let folder = folder();
    let mut missed = Vec::new();
    for planted in Planted::ALL {
        let plan = Plan {
            first_seed: 1,
            runs: HISTORIES_TO_FIND,
            planted: Some(planted),
            stop_when_broken: true,
            base: folder.path(),
        };
        let tally = run(&plan, |_, _| {}).unwrap();
        match tally.broken.into_iter().next() {
            Some((seed, broken)) => {
                let clean = live(&History::of(seed), folder.path(), None).unwrap().broken;
                assert!(clean.is_none(), "seed {seed} breaks a promise without {planted}: {clean:?}");
                println!("{planted} after {} histories: {}: {}", tally.runs, broken.promise.word(), broken.how);
            }
            None => missed.push(planted.to_string()),
        }
    }
    assert_eq!(missed, Vec::<String>::new(), "not found");
}

#[test]
fn what_is_found_is_shrunk() {
    quietly();
    let folder = folder();
    let planted = Planted::named("LedgerSkipped");
    let plan = Plan { first_seed: 1, runs: HISTORIES_TO_FIND, planted, stop_when_broken: true, base: folder.path() };
    let (seed, broken) = run(&plan, |_, _| {}).unwrap().broken.into_iter().next().unwrap();
    let history = History::of(seed);
    let (keep, broken) = shrink(&history, folder.path(), planted, broken).unwrap();
    assert!(keep.len() < history.steps.len() && keep.len() <= 8, "{keep:?} of {}", history.steps.len());
    let again = live(&history.only(&keep), folder.path(), planted).unwrap().broken.unwrap();
    assert_eq!((again.promise, again.how), (broken.promise, broken.how));
}
