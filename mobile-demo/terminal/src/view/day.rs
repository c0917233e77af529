//! The visits of a day.

use jiff::{Timestamp, ToSpan, civil::Date};
use satchel_client::{Reader, StoreError};
use satchel_domain::{
    rules::{visit_state, window},
    tables::{Assignment, Customer, Location},
};
use satchel_protocol::{Field, workspace::Range};
use uuid::Uuid;

use super::{Answered, Place, Who, checklist};
use crate::picker::Item;

/// One visit in the day's list.
#[derive(Clone, Debug)]
pub struct VisitLine {
    /// The visit and its job.
    pub place: Place,
    /// Who it is for.
    pub customer: Option<Customer>,
    /// Where it is.
    pub location: Option<Location>,
    /// How far its checklists are.
    pub answered: Answered,
}

/// The visits of a day, by the start of their window.
#[derive(Clone, Debug)]
pub struct DayView {
    /// The day, in the zone of the technician's branch.
    pub date: Date,
    /// Days from today, negative in the past.
    pub offset: i32,
    /// The visits.
    pub visits: Vec<VisitLine>,
}

impl Item for VisitLine {
    fn key(&self) -> Uuid {
        self.place.visit.id.uuid()
    }
}

impl DayView {
    /// Reads the visits whose window touches the day `offset` days from now; for today also those under way.
    pub fn load(reader: &Reader, who: &Who, now: Timestamp, offset: i32) -> Result<Self, StoreError> {
        let today = now.to_zoned(who.zone.clone()).date();
        let date = today.saturating_add(offset.days());
        let start = day_start(date, who).unwrap_or(now);
        let end = day_start(date.saturating_add(1.day()), who).unwrap_or(now);
        let mut day = Self { date, offset, visits: Vec::new() };
        let Some(technician) = who.technician else { return Ok(day) };
        // No window is longer than LONGEST, so whatever touches the day starts inside this range.
        let from = start.checked_sub(window::LONGEST).unwrap_or(start);
        let range = Range { from: from.to_cell(), until: end.to_cell() };
        let near: Vec<Assignment> = reader.find_in(Assignment::BY_TECHNICIAN, &[technician.into()], &range)?;
        for assignment in near {
            let Some(place) = Place::load(reader, assignment.visit_id)? else { continue };
            let under_way = offset == 0 && visit_state::is_under_way(&place.visit.state);
            if (place.visit.window_end > start && place.visit.window_start < end) || under_way {
                day.visits.push(VisitLine {
                    customer: reader.get(place.job.customer_id)?,
                    location: reader.get(place.job.location_id)?,
                    answered: checklist::questions(reader, place.visit.id)?.1,
                    place,
                });
            }
        }
        day.visits.sort_by_key(|line| (line.place.visit.window_start, line.key()));
        Ok(day)
    }
}

/// The first instant of a day in the technician's zone.
pub(super) fn day_start(date: Date, who: &Who) -> Option<Timestamp> {
    date.to_zoned(who.zone.clone()).ok().map(|zoned| zoned.timestamp())
}
