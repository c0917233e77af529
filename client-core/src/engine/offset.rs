//! How far the device's clock is from the server's, measured from heartbeats.

use super::Moment;

/// Heartbeats remembered.
const SAMPLES: usize = 8;
/// Milliseconds by which wall and monotonic clock may part between two heartbeats before the clock is taken to have
/// been set, or the device to have slept.
const CLOCK_SET_MS: i64 = 2_000;

/// The measured offset. A heartbeat travels for a while, so each sample is too small by its travel time: the largest
/// of the recent ones is the best.
#[derive(Debug, Default)]
pub(super) struct Offset {
    samples: std::collections::VecDeque<i64>,
    wall_over_monotonic_ms: i64,
}

impl Offset {
    /// Takes a sample.
    pub(super) fn measure(&mut self, moment: Moment, server_time_ms: i64) {
        let wall_over_monotonic_ms = moment.wall_ms.saturating_sub(moment.now_ms.cast_signed());
        if (wall_over_monotonic_ms - self.wall_over_monotonic_ms).abs() > CLOCK_SET_MS {
            self.samples.clear();
        }
        self.wall_over_monotonic_ms = wall_over_monotonic_ms;
        if self.samples.len() == SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back(server_time_ms.saturating_sub(moment.wall_ms));
    }

    /// Milliseconds to add to the device's clock, once measured.
    pub(super) fn best_ms(&self) -> Option<i64> {
        self.samples.iter().copied().max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(now_ms: u64, wall_ms: i64) -> Moment {
        Moment { now_ms, wall_ms, jitter_permille: 0 }
    }

    #[test]
    fn the_least_delayed_heartbeat_wins() {
        let mut offset = Offset::default();
        assert_eq!(offset.best_ms(), None);
        offset.measure(at(0, 1_000_000), 1_004_900);
        offset.measure(at(10_000, 1_010_000), 1_014_990);
        offset.measure(at(20_000, 1_020_000), 1_024_000);
        assert_eq!(offset.best_ms(), Some(4_990));
    }

    #[test]
    fn a_clock_that_was_set_starts_the_measure_anew() {
        let mut offset = Offset::default();
        offset.measure(at(0, 1_000_000), 1_005_000);
        offset.measure(at(10_000, 4_610_000), 1_015_000);
        assert_eq!(offset.best_ms(), Some(-3_595_000));
    }
}
