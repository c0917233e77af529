//! Numbers that look random and are the same everywhere and forever for one seed (SplitMix64), so that a seeded
//! database can be described in a bug report by one number. Not for secrets.

use satchel_protocol::Id;
use uuid::{Builder, Uuid};

/// The instant all generated ids begin at: 2026-01-01 00:00 UTC, in milliseconds. Fixed, so that ids depend on the
/// seed alone.
const IDS_BEGIN_MS: u64 = 1_767_225_600_000;

/// A stream of numbers, and of ids in rising order.
pub(super) struct Random {
    state: u64,
    ids: u64,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5A7C_4E11, ids: 0 }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `low..=high`.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low) + 1;
        low.saturating_add_unsigned(self.next() % span)
    }

    /// True about `percent` times in a hundred.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of `choices`, which must not be empty.
    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let last = i64::try_from(choices.len()).unwrap_or(i64::MAX) - 1;
        &choices[usize::try_from(self.between(0, last)).unwrap_or_default()]
    }

    /// The next id, a UUIDv7 one millisecond after the one before.
    pub(super) fn uuid(&mut self) -> Uuid {
        let mut tail = [0; 10];
        tail[..8].copy_from_slice(&self.next().to_be_bytes());
        tail[8..].copy_from_slice(&self.next().to_be_bytes()[..2]);
        self.ids += 1;
        Builder::from_unix_timestamp_millis(IDS_BEGIN_MS + self.ids, &tail).into_uuid()
    }

    /// The next id, for a row of `T`.
    pub(super) fn id<T>(&mut self) -> Id<T> {
        Id::new(self.uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_for_ever() {
        let mut random = Random::new(1);
        let numbers: Vec<i64> = (0..5).map(|_| random.between(0, 999)).collect();
        let mut again = Random::new(1);
        assert_eq!(numbers, (0..5).map(|_| again.between(0, 999)).collect::<Vec<_>>());
        assert_ne!(numbers, {
            let mut other = Random::new(2);
            (0..5).map(|_| other.between(0, 999)).collect::<Vec<_>>()
        });
    }

    #[test]
    fn ids_rise_and_are_version_7() {
        let mut random = Random::new(7);
        let ids: Vec<Uuid> = (0..1_000).map(|_| random.uuid()).collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn a_range_is_kept() {
        let mut random = Random::new(3);
        assert!((0..1_000).all(|_| (-2..=2).contains(&random.between(-2, 2))));
    }
}
