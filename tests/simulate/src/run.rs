//! Many histories, on all cores.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use crate::{
    history::History,
    planted::Planted,
    record::{Broken, Promise},
    shrink::{Lived, live},
};

/// What came of many histories.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many were lived.
    pub runs: u64,
    /// Broken promises, by seed.
    pub broken: BTreeMap<u64, Broken>,
    /// Faults that took place, by name.
    pub injected: BTreeMap<&'static str, u64>,
    /// Milliseconds from healing to rest, of the slowest.
    pub slowest_recovery_ms: u64,
}

impl Tally {
    fn add(&mut self, seed: u64, lived: Lived) {
        self.runs += 1;
        self.slowest_recovery_ms = self.slowest_recovery_ms.max(lived.recovery_ms);
        for (name, count) in lived.injected {
            *self.injected.entry(name).or_default() += count;
        }
        if let Some(broken) = lived.broken {
            self.broken.insert(seed, broken);
        }
    }

    /// In how many histories a promise was broken.
    pub fn count(&self, promise: Promise) -> usize {
        self.broken.values().filter(|broken| broken.promise == promise).count()
    }
}

/// What to run.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The first seed.
    pub first_seed: u64,
    /// How many seeds.
    pub runs: u64,
    /// A bug to plant.
    pub planted: Option<Planted>,
    /// Whether the first broken promise ends it.
    pub stop_when_broken: bool,
    /// Where files are made.
    pub base: &'a Path,
}

/// Lives through the histories of a plan. `progress` hears how many are done, and how many broke a promise.
///
/// # Errors
/// When no files can be made.
pub fn run(plan: &Plan<'_>, progress: impl Fn(u64, usize) + Sync) -> std::io::Result<Tally> {
    let next = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let tally = Mutex::new(Tally::default());
    let failed = Mutex::new(None);
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= plan.runs {
                        break;
                    }
                    let seed = plan.first_seed + number;
                    match live(&History::of(seed), plan.base, plan.planted) {
                        Ok(lived) => {
                            let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                            tally.add(seed, lived);
                            if plan.stop_when_broken && !tally.broken.is_empty() {
                                stop.store(true, Ordering::Relaxed);
                            }
                            progress(tally.runs, tally.broken.len());
                        }
                        Err(error) => {
                            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                            stop.store(true, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(tally.into_inner().unwrap_or_else(PoisonError::into_inner)),
    }
}
