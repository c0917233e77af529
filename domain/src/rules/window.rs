//! Arrival windows.

use jiff::{SignedDuration, Timestamp};
use satchel_protocol::Rejection;

use super::{clock, limits::WINDOW_DAYS};

/// An arrival window: it ends after it starts, lasts at most [`WINDOW_DAYS`], and lies in the years 2000 to 2100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First instant inside.
    pub start: Timestamp,
    /// First instant outside.
    pub end: Timestamp,
}

/// The longest window.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(WINDOW_DAYS * 24);

impl Window {
    /// Checks a window.
    pub fn new(start: Timestamp, end: Timestamp) -> Result<Self, Rejection> {
        let (start, end) = (clock::in_micros(start), clock::in_micros(end));
        let refuse = |reason, message: String| Err(Rejection::bad_request(reason, message));
        if !clock::plausible(start) || !clock::plausible(end) {
            return refuse("visit.window_date", "The arrival window must lie in the years 2000 to 2100.".to_owned());
        }
        if end <= start {
            return refuse("visit.window_order", "The arrival window must end after it starts.".to_owned());
        }
        if start.duration_until(end) > LONGEST {
            return refuse(
                "visit.window_length",
                format!("The arrival window can be at most {WINDOW_DAYS} days long."),
            );
        }
        Ok(Self { start, end })
    }

    /// Whether two half-open windows share an instant.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(start: &str, end: &str) -> Result<Window, String> {
        Window::new(start.parse().unwrap(), end.parse().unwrap()).map_err(|rejection| rejection.reason)
    }

    #[test]
    fn windows_are_checked() {
        assert!(window("2026-11-21T08:00:00Z", "2026-12-05T08:00:00Z").is_ok());
        let reasons = [
            ("2026-11-21T08:00:00Z", "2026-11-21T08:00:00Z", "visit.window_order"),
            ("2026-11-21T08:00:00Z", "2026-12-05T08:00:00.000001Z", "visit.window_length"),
            ("1999-12-31T23:00:00Z", "2000-01-01T01:00:00Z", "visit.window_date"),
            ("2100-12-31T23:00:00Z", "2101-01-01T00:00:00Z", "visit.window_date"),
        ];
        for (start, end, reason) in reasons {
            assert_eq!(window(start, end).unwrap_err(), reason);
        }
    }

    #[test]
    fn touching_windows_do_not_overlap() {
        let morning = window("2026-11-21T08:00:00Z", "2026-11-21T10:00:00Z").unwrap();
        let next = window("2026-11-21T10:00:00Z", "2026-11-21T12:00:00Z").unwrap();
        let long = window("2026-11-20T00:00:00Z", "2026-11-22T00:00:00Z").unwrap();
        assert!(!morning.overlaps(&next) && !next.overlaps(&morning));
        assert!(morning.overlaps(&long) && long.overlaps(&next));
    }
}
