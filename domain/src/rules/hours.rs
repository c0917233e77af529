//! A technician's week.

use jiff::{SignedDuration, Timestamp, Zoned, civil::Date, tz::TimeZone};

use super::window::Window;
use crate::tables::WorkingHours;

/// Minutes from midnight to midnight on the clock.
pub const DAY_MINUTES: i32 = 24 * 60;

/// A window longer than this promises a day rather than an hour: then it is enough to work at some time in it.
const SAME_DAY: SignedDuration = SignedDuration::from_hours(24);

/// The zone of a branch; UTC where this build does not know it.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Whether the technician works throughout the window, or at some time in one that is longer than a day. Somebody
/// without working hours always works. Stretches that touch, at midnight too, are one.
pub fn cover(hours: &[WorkingHours], zone: &TimeZone, window: &Window) -> bool {
    if hours.is_empty() {
        return true;
    }
    let mut day = local(window.start, zone).date().yesterday().ok();
    let last = local(window.end, zone).date();
    let mut stretches: Vec<(Timestamp, Timestamp)> = Vec::new();
    while let Some(date) = day.filter(|date| *date <= last) {
        let weekday = i32::from(date.weekday().to_monday_one_offset());
        let today = hours.iter().filter(|hours| hours.weekday == weekday);
        stretches.extend(today.filter_map(|hours| {
            Some((instant(date, hours.start_minute, zone)?, instant(date, hours.end_minute, zone)?))
        }));
        day = date.tomorrow().ok();
    }
    stretches.sort_unstable();
    if window.start.duration_until(window.end) > SAME_DAY {
        return stretches.iter().any(|(from, until)| *from < window.end && window.start < *until);
    }
    let mut covered_until = window.start;
    for (from, until) in stretches {
        if from <= covered_until && until > covered_until {
            covered_until = until;
        }
    }
    covered_until >= window.end
}

fn local(instant: Timestamp, zone: &TimeZone) -> Zoned {
    instant.to_zoned(zone.clone())
}

/// The instant at which the clock shows so many minutes after midnight.
fn instant(date: Date, minute: i32, zone: &TimeZone) -> Option<Timestamp> {
    let date = if minute >= DAY_MINUTES { date.tomorrow().ok()? } else { date };
    let minute = minute % DAY_MINUTES;
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    Some(date.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use satchel_protocol::Id;
    use uuid::Uuid;

    use super::*;

    fn week(stretches: &[(i32, i32, i32)]) -> Vec<WorkingHours> {
        let id = Id::new(Uuid::nil());
        let row = |(weekday, start_minute, end_minute): &(i32, i32, i32)| WorkingHours {
            id,
            rev: 1,
            technician_id: Id::new(Uuid::nil()),
            branch_id: Id::new(Uuid::nil()),
            weekday: *weekday,
            start_minute: *start_minute,
            end_minute: *end_minute,
        };
        stretches.iter().map(row).collect()
    }

    fn covers(hours: &[WorkingHours], start: &str, end: &str) -> bool {
        let window = Window::new(start.parse().unwrap(), end.parse().unwrap()).unwrap();
        cover(hours, &zone("America/Denver"), &window)
    }

    #[test]
    fn hours_are_read_on_the_branchs_clock() {
        // Monday 8 to 17; Denver is seven hours behind UTC in November.
        let monday = week(&[(1, 480, 1_020)]);
        assert!(covers(&monday, "2026-11-23T15:00:00Z", "2026-11-24T00:00:00Z"));
        assert!(!covers(&monday, "2026-11-23T14:59:00Z", "2026-11-23T16:00:00Z"));
        assert!(!covers(&monday, "2026-11-24T15:00:00Z", "2026-11-24T16:00:00Z"), "a Tuesday");
        // Six hours in summer.
        assert!(covers(&monday, "2026-07-20T14:00:00Z", "2026-07-20T23:00:00Z"));
        assert!(covers(&[], "2026-11-24T03:00:00Z", "2026-11-24T04:00:00Z"), "without hours, any");
    }

    #[test]
    fn stretches_that_touch_are_one() {
        let night = week(&[(1, 1_200, 1_440), (2, 0, 240), (2, 240, 300), (2, 360, 420)]);
        assert!(covers(&night, "2026-11-24T04:00:00Z", "2026-11-24T12:00:00Z"), "Monday 21 to Tuesday 5 o'clock");
        assert!(!covers(&night, "2026-11-24T04:00:00Z", "2026-11-24T13:30:00Z"), "with a gap from 5 to 6");
    }

    #[test]
    fn a_window_of_days_needs_some_hour_in_it() {
        let monday = week(&[(1, 480, 1_020)]);
        assert!(covers(&monday, "2026-11-21T15:00:00Z", "2026-11-25T15:00:00Z"));
        assert!(!covers(&monday, "2026-11-24T15:00:00Z", "2026-11-27T15:00:00Z"));
    }
}
