//! When a technician's jobs take place: today first, then spread over two weeks back and ahead.

use jiff::{Timestamp, ToSpan, civil::Date};

use super::SeedError;

/// Days back and ahead that jobs are spread over; a phone holds 14.
const DAYS: i32 = 13;

/// Jobs of a technician that are placed today before any other day gets one.
pub const JOBS_TODAY: usize = 4;

/// Local hours at which windows start, in the order they are filled.
const START_HOURS: [i8; 6] = [8, 10, 13, 15, 17, 6];

/// The hour of follow-up visits: the last that a day gets.
const FOLLOW_UP_HOUR: i8 = 19;

/// Hours a window lasts.
const WINDOW_H: i64 = 2;

/// A window: how many days from today, and its hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Slot {
    /// Days from today; negative in the past.
    pub(super) day: i32,
    /// Local hour at which it starts.
    hour: i8,
}

/// The first `count` windows of a technician. No two overlap. What does not fit the four weeks goes further back.
pub(super) fn slots(count: usize) -> Vec<Slot> {
    let mut slots: Vec<Slot> = START_HOURS[..JOBS_TODAY].iter().map(|&hour| Slot { day: 0, hour }).collect();
    let near = (1..=DAYS).flat_map(|distance| [distance, -distance]);
    for hour in START_HOURS {
        slots.extend(near.clone().map(|day| Slot { day, hour }));
    }
    slots.truncate(count);
    let earlier = (DAYS + 1..).flat_map(|distance| START_HOURS.map(|hour| Slot { day: -distance, hour }));
    let missing = count - slots.len();
    slots.extend(earlier.take(missing));
    slots
}

impl Slot {
    /// A window as many days ahead as this one is back, at an hour no other job has.
    pub(super) fn follow_up(self) -> Self {
        Self { day: -self.day, hour: FOLLOW_UP_HOUR }
    }

    /// Start and end, in the zone of a branch.
    pub(super) fn window(self, today: Date, zone: &str) -> Result<(Timestamp, Timestamp), SeedError> {
        let start = today
            .checked_add(self.day.days())
            .and_then(|day| day.at(self.hour, 0, 0, 0).in_tz(zone))
            .map_err(|_| SeedError::DateOutOfRange)?;
        let end = start.checked_add(WINDOW_H.hours()).map_err(|_| SeedError::DateOutOfRange)?;
        Ok((start.timestamp(), end.timestamp()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn any_number_of_jobs_has_as_many_different_windows() {
        for count in [0, 1, 4, 5, 80, 160, 161, 1_000] {
            let slots = slots(count);
            assert_eq!(slots.len(), count);
            assert_eq!(slots.iter().collect::<HashSet<_>>().len(), count);
            assert!(slots.iter().take(JOBS_TODAY).all(|slot| slot.day == 0));
        }
    }

    #[test]
    fn a_window_is_read_in_the_zone_of_its_branch() {
        let today = "2026-11-21".parse().unwrap();
        let (start, end) = Slot { day: 0, hour: 8 }.window(today, "America/Los_Angeles").unwrap();
        assert_eq!(start.to_string(), "2026-11-21T16:00:00Z");
        assert_eq!(end.to_string(), "2026-11-21T18:00:00Z");
    }
}
