//! Technicians in turn, and the windows their imported visits get.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use satchel_domain::tables::Technician;
use satchel_protocol::Id;

use super::ImportError;

/// Local hours at which the windows of a day start.
const START_HOURS: [i8; 4] = [8, 10, 13, 15];

/// Hours a window lasts.
const WINDOW_H: i64 = 2;

/// A technician and the days that are still free.
pub(super) struct Turn {
    pub(super) technician_id: Id<Technician>,
    /// Nothing is open on this day and after it.
    pub(super) free_from: Date,
    visits: usize,
}

impl Turn {
    pub(super) fn new(technician_id: Id<Technician>, free_from: Date) -> Self {
        Self { technician_id, free_from, visits: 0 }
    }

    /// The next free window.
    fn window(&mut self, zone: &TimeZone) -> Result<(Timestamp, Timestamp), ImportError> {
        let days = i64::try_from(self.visits / START_HOURS.len()).map_err(|_| ImportError::DateOutOfRange)?;
        let hour = START_HOURS[self.visits % START_HOURS.len()];
        self.visits += 1;
        let start = self
            .free_from
            .checked_add(days.days())
            .and_then(|day| day.at(hour, 0, 0, 0).to_zoned(zone.clone()))
            .map_err(|_| ImportError::DateOutOfRange)?;
        let end = start.checked_add(WINDOW_H.hours()).map_err(|_| ImportError::DateOutOfRange)?;
        Ok((start.timestamp(), end.timestamp()))
    }
}

/// Technicians in turn.
pub(super) struct Turns {
    turns: Vec<Turn>,
    given: usize,
    zone: TimeZone,
}

impl Turns {
    pub(super) fn new(turns: Vec<Turn>, zone: TimeZone) -> Self {
        Self { turns, given: 0, zone }
    }

    /// Whose turn it is, if anybody's.
    fn next(&mut self) -> Option<&mut Turn> {
        let count = self.turns.len();
        let position = self.given.checked_rem(count)?;
        self.given += 1;
        self.turns.get_mut(position)
    }

    /// Whose turn it is, and that technician's next free window.
    pub(super) fn open(&mut self) -> Result<Option<(Id<Technician>, Timestamp, Timestamp)>, ImportError> {
        let zone = self.zone.clone();
        let Some(turn) = self.next() else { return Ok(None) };
        let (start, end) = turn.window(&zone)?;
        Ok(Some((turn.technician_id, start, end)))
    }

    /// Whose turn it is, for work that is done.
    pub(super) fn done(&mut self) -> Option<Id<Technician>> {
        self.next().map(|turn| turn.technician_id)
    }

    /// How many technicians got something.
    pub(super) fn used(&self) -> usize {
        self.given.min(self.turns.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_fill_day_after_day_for_each_in_turn() {
        let day: Date = "2026-11-23".parse().unwrap();
        let people = [1, 2].map(|number| Id::new(uuid::Uuid::from_u128(number)));
        let mut turns = Turns::new(people.map(|id| Turn::new(id, day)).into(), TimeZone::UTC);
        let given: Vec<_> = (0..10).map(|_| turns.open().unwrap().unwrap()).collect();
        assert_eq!(given[0].0, people[0]);
        assert_eq!(given[1].0, people[1]);
        assert_eq!(given[0].1.to_string(), "2026-11-23T08:00:00Z");
        assert_eq!(given[8].1.to_string(), "2026-11-24T08:00:00Z");
        assert_eq!(turns.used(), 2);
    }

    #[test]
    fn with_nobody_there_is_no_turn() {
        let mut turns = Turns::new(Vec::new(), TimeZone::UTC);
        assert!(turns.open().unwrap().is_none());
        assert_eq!(turns.used(), 0);
    }
}
