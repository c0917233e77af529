//! How far the device's clock is from the server's, measured from heartbeats.

use super::Moment;

/// Heartbeats remembered.
const SAMPLES: usize = 8;
/// Milliseconds by which wall and monotonic clock may part between two heartbeats before the clock is taken to have
/// been set, or the device to have slept.
const CLOCK_SET_MS: i64 = 2_000;
/// Millionths by which two clocks may drift apart.
const DRIFT_PPM: i64 = 100;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Milliseconds to add to the device's clock to get the server's.
    pub offset_ms: i64,
    /// By how many milliseconds that may be off: half the round trip. None until a round trip was seen.
    pub uncertainty_ms: Option<u32>,
    /// When the last sample was taken.
    pub at: Moment,
}

/// The measured offset. The server stamps a heartbeat after it was asked for, and before it arrives here. Each that arrives
/// is a lower bound, the largest of the recent ones the best; each that was asked for is an upper bound.
#[derive(Debug, Default)]
pub(super) struct Offset {
    lower_ms: std::collections::VecDeque<i64>,
    /// The best upper bound, and when it was seen.
    upper: Option<(i64, u64)>,
    wall_over_monotonic_ms: i64,
    at: Option<Moment>,
}

impl Offset {
    /// Takes a sample. `asked` is when the request was made that the heartbeat came after, where that is known.
    pub(super) fn measure(&mut self, moment: Moment, server_time_ms: i64, asked: Option<Moment>) {
        let wall_over_monotonic_ms = wall_over_monotonic_ms(moment);
        let was_set = |before_ms: i64| (wall_over_monotonic_ms - before_ms).abs() > CLOCK_SET_MS;
        if was_set(self.wall_over_monotonic_ms) {
            self.lower_ms.clear();
            self.upper = None;
        }
        self.wall_over_monotonic_ms = wall_over_monotonic_ms;
        self.at = Some(moment);
        if self.lower_ms.len() == SAMPLES {
            self.lower_ms.pop_front();
        }
        self.lower_ms.push_back(server_time_ms.saturating_sub(moment.wall_ms));
        if let Some(asked) = asked.filter(|asked| !was_set(self::wall_over_monotonic_ms(*asked))) {
            let upper_ms = server_time_ms.saturating_sub(asked.wall_ms);
            if self.upper_ms().is_none_or(|best_ms| upper_ms <= best_ms) {
                self.upper = Some((upper_ms, moment.now_ms));
            }
        }
    }

    /// The upper bound now: clocks drift apart since it was seen.
    fn upper_ms(&self) -> Option<i64> {
        let ((upper_ms, seen_ms), at) = self.upper.zip(self.at)?;
        let age_ms = at.now_ms.saturating_sub(seen_ms).cast_signed();
        Some(upper_ms.saturating_add(age_ms.saturating_mul(DRIFT_PPM) / 1_000_000))
    }

    /// What is known, once something was measured.
    pub(super) fn measured(&self) -> Option<Measured> {
        let (lower_ms, at) = self.lower_ms.iter().copied().max().zip(self.at)?;
        let Some(upper_ms) = self.upper_ms() else {
            return Some(Measured { offset_ms: lower_ms, uncertainty_ms: None, at });
        };
        let half_ms = upper_ms.saturating_sub(lower_ms).max(0) / 2;
        let uncertainty_ms = Some(u32::try_from(half_ms).unwrap_or(u32::MAX));
        Some(Measured { offset_ms: lower_ms.saturating_add(half_ms), uncertainty_ms, at })
    }
}

fn wall_over_monotonic_ms(moment: Moment) -> i64 {
    moment.wall_ms.saturating_sub(moment.now_ms.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(now_ms: u64, wall_ms: i64) -> Moment {
        Moment { now_ms, wall_ms, jitter_permille: 0 }
    }

    fn best(offset: &Offset) -> Option<(i64, Option<u32>)> {
        offset.measured().map(|measured| (measured.offset_ms, measured.uncertainty_ms))
    }

    #[test]
    fn the_least_delayed_heartbeat_wins() {
        let mut offset = Offset::default();
        assert_eq!(best(&offset), None);
        offset.measure(at(0, 1_000_000), 1_004_900, None);
        offset.measure(at(10_000, 1_010_000), 1_014_990, None);
        offset.measure(at(20_000, 1_020_000), 1_024_000, None);
        assert_eq!(best(&offset), Some((4_990, None)));
    }

    #[test]
    fn half_the_round_trip_is_what_is_not_known() {
        let mut offset = Offset::default();
        // Asked at 1,000,000, answered after 300 ms; the server is 5 s ahead and stamped it after 200.
        offset.measure(at(300, 1_000_300), 1_005_200, Some(at(0, 1_000_000)));
        assert_eq!(best(&offset), Some((5_050, Some(150))));
        // A heartbeat that travelled 20 ms: the truth lies between 4,980 and 5,200.
        offset.measure(at(10_020, 1_010_020), 1_015_000, None);
        assert_eq!(best(&offset), Some((5_090, Some(110))));
        // A slower round trip teaches nothing, and meanwhile the clocks drift.
        offset.measure(at(20_900, 1_020_900), 1_025_450, Some(at(20_000, 1_020_000)));
        assert_eq!(best(&offset), Some((5_091, Some(111))));
    }

    #[test]
    fn a_clock_that_was_set_starts_the_measure_anew() {
        let mut offset = Offset::default();
        offset.measure(at(0, 1_000_000), 1_005_000, None);
        offset.measure(at(10_000, 4_610_000), 1_015_000, Some(at(9_900, 1_009_900)));
        assert_eq!(best(&offset), Some((-3_595_000, None)), "set between question and answer");
    }
}
