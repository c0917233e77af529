//! What many histories of real processes came to.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use super::Lived;
use crate::record::{Broken, Promise};

/// Milliseconds within which everybody has to be at rest once wires are mended and devices say so.
pub const RECOVERY_MOST_MS: u64 = 5_000;

/// See the module.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many were lived.
    pub runs: u64,
    /// Broken promises, by seed.
    pub broken: BTreeMap<u64, Broken>,
    /// Faults that took place, by name.
    pub injected: BTreeMap<&'static str, u64>,
    /// Milliseconds from mended wires to rest, of each that came to rest.
    pub recovery_ms: Vec<u64>,
    /// Milliseconds each tap took to be durable.
    pub tap_ms: Vec<u64>,
    /// Rows compared between phones and Postgres.
    pub rows: usize,
}

impl Tally {
    pub(super) fn add(&mut self, seed: u64, lived: &Lived) {
        self.runs += 1;
        for (name, count) in &lived.injected {
            *self.injected.entry(name).or_default() += count;
        }
        self.recovery_ms.extend(lived.recovery_ms);
        self.recovery_ms.sort_unstable();
        self.tap_ms.extend(&lived.tap_ms);
        self.tap_ms.sort_unstable();
        self.rows += lived.rows;
        if let Some(broken) = &lived.broken {
            self.broken.insert(seed, broken.clone());
        }
    }

    /// In how many histories a promise was broken.
    pub fn count(&self, promise: Promise) -> usize {
        self.broken.values().filter(|broken| broken.promise == promise).count()
    }

    /// The summary in words.
    pub fn text(&self, took: Duration) -> String {
        let broken: Vec<String> =
            Promise::FULL.iter().map(|promise| format!("{} {}", self.count(*promise), promise.word())).collect();
        let mut text = format!(
            "{} histories of real processes in {} s, {} faults: {}\n",
            self.runs,
            took.as_secs(),
            self.injected.values().sum::<u64>(),
            broken.join(", ")
        );
        let _ = writeln!(text, "  {}", self.recovery());
        let _ = writeln!(text, "  {}", self.taps());
        for (name, count) in &self.injected {
            let _ = writeln!(text, "  {count:>7}  {name}");
        }
        text
    }

    /// The section of `docs/figures.md`.
    pub fn section(&self, first_seed: u64, took: Duration, build: &str) -> String {
        let mut text = format!(
            "## Faults among processes\n\nMade by `./dev simulate --full --runs {} --save` \
             ([the simulator](guides/simulator.md)), a {build} build: {} histories from seed {first_seed} on, in {} s; \
             {} rows compared cell by cell.\n\n{}\n\n{}\n\n| broken promises | histories |\n|---|---|\n",
            self.runs,
            self.runs,
            took.as_secs(),
            self.rows,
            self.recovery(),
            self.taps(),
        );
        for promise in Promise::FULL {
            let _ = writeln!(text, "| {} | {} |", promise.word(), self.count(promise));
        }
        text.push_str("\n| fault | times |\n|---|---|\n");
        for (name, count) in &self.injected {
            let _ = writeln!(text, "| {name} | {count} |");
        }
        let _ = write!(text, "| all | {} |", self.injected.values().sum::<u64>());
        text
    }

    fn recovery(&self) -> String {
        let [half, most, all] = [500, 990, 1_000].map(|permille| at(&self.recovery_ms, permille));
        format!(
            "From mended wires to everybody at rest: p50 {half} ms, p99 {most} ms, max {all} ms; \
             {RECOVERY_MOST_MS} ms are promised."
        )
    }

    fn taps(&self) -> String {
        let [half, most, all] = [500, 990, 1_000].map(|permille| at(&self.tap_ms, permille));
        format!(
            "{} taps, each durable after p50 {half} ms, p99 {most} ms, max {all} ms, whatever went wrong meanwhile.",
            self.tap_ms.len()
        )
    }
}

/// What so many thousandths of them do not exceed; they are ascending.
fn at(sorted: &[u64], permille: usize) -> u64 {
    let place = (sorted.len() * permille).div_ceil(1_000).saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_measured() {
        let hundred: Vec<u64> = (1..=100).collect();
        assert_eq!([500, 990, 1_000].map(|permille| at(&hundred, permille)), [50, 99, 100]);
        assert_eq!(at(&[7], 500), 7);
        assert_eq!(at(&[], 500), 0);
    }
}
