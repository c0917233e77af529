//! The technician's time.

use jiff::{SignedDuration, Timestamp, ToSpan};
use satchel_client::{Reader, StoreError};
use satchel_domain::{
    rules::limits::TIME_ENTRY_HOURS,
    tables::{TimeEntry, Visit},
};
use satchel_protocol::{Field, Id, workspace::Range};
use uuid::Uuid;

use super::{Place, Who, day::day_start};
use crate::picker::Item;

/// An entry and what it was booked on.
#[derive(Clone, Debug)]
pub struct TimeLine {
    /// The entry.
    pub entry: TimeEntry,
    /// The job's title; empty when it is not on this phone.
    pub job: String,
}

/// Today's entries and whatever still runs, oldest first.
#[derive(Clone, Debug)]
pub struct TimeView {
    /// The visit that time is started on.
    pub place: Place,
    /// The entries.
    pub entries: Vec<TimeLine>,
}

impl Item for TimeLine {
    fn key(&self) -> Uuid {
        self.entry.id.uuid()
    }
}

impl TimeView {
    /// Reads it; none once the visit has left this phone.
    pub fn load(reader: &Reader, who: &Who, now: Timestamp, visit: Id<Visit>) -> Result<Option<Self>, StoreError> {
        let Some(place) = Place::load(reader, visit)? else { return Ok(None) };
        let Some(technician) = who.technician else { return Ok(Some(Self { place, entries: Vec::new() })) };
        let today = now.to_zoned(who.zone.clone()).date();
        let start = day_start(today, who).unwrap_or(now);
        let end = day_start(today.saturating_add(1.day()), who).unwrap_or(now);
        let longest = SignedDuration::from_hours(TIME_ENTRY_HOURS);
        let range = Range { from: start.checked_sub(longest).unwrap_or(start).to_cell(), until: end.to_cell() };
        let mut entries = Vec::new();
        for entry in reader.find_in::<TimeEntry>(TimeEntry::BY_TECHNICIAN, &[technician.into()], &range)? {
            if entry.ended_at.is_none_or(|ended| ended > start) {
                let job = match entry.job_id {
                    Some(id) => reader.get(id)?.map(|job: satchel_domain::tables::Job| job.title),
                    None => None,
                };
                entries.push(TimeLine { entry, job: job.unwrap_or_default() });
            }
        }
        Ok(Some(Self { place, entries }))
    }

    /// The entry that runs.
    pub fn running(&self) -> Option<&TimeLine> {
        self.entries.iter().find(|line| line.entry.ended_at.is_none())
    }
}
