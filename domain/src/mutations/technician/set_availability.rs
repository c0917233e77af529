//! `technician/v1/setAvailability`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::require_own;
use crate::{
    rules::{hours::DAY_MINUTES, limits::HOURS_PER_WEEK},
    tables::{Technician, WorkingHours},
};

/// A stretch of work, every week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stretch {
    /// The day, from 1 for Monday to 7 for Sunday.
    pub weekday: i32,
    /// First minute at work, counted from midnight on the branch's clock.
    pub start_minute: i32,
    /// First minute off again; at most 1,440. Work past midnight is a second stretch, on the next day.
    pub end_minute: i32,
}

/// Says when a technician works, the whole week. Days off are absences.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetAvailability {
    /// Whose week; technicians say their own.
    pub technician_id: Id<Technician>,
    /// At most 28 stretches, none of which overlap; none at all for somebody who works whenever he is sent.
    pub week: Vec<Stretch>,
}

/// The week as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AvailabilitySet {
    /// Minutes of work in it.
    pub minutes: i32,
}

impl Mutation for SetAvailability {
    const NAME: &'static str = "technician/v1/setAvailability";
    const SUMMARY: &'static str = "Says when a technician works in a week.";
    type Output = AvailabilitySet;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.technician_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<AvailabilitySet, Stop> {
        require_own(ctx, self.technician_id)?;
        let mut week = checked(&self.week)?;
        let technician: Technician = work.require(self.technician_id)?;
        let minutes = week.iter().map(|stretch| stretch.end_minute - stretch.start_minute).sum();
        let present: Vec<WorkingHours> = work.find(WorkingHours::BY_TECHNICIAN, vec![technician.id.into()])?;
        for hours in present {
            let same = |stretch: &Stretch| {
                let Stretch { weekday, start_minute, end_minute } = *stretch;
                (hours.weekday, hours.start_minute, hours.end_minute) == (weekday, start_minute, end_minute)
            };
            match week.iter().position(same) {
                Some(position) => drop(week.remove(position)),
                None => work.delete(hours.id)?,
            }
        }
        for Stretch { weekday, start_minute, end_minute } in week {
            work.insert(&WorkingHours {
                id: ctx.derive_id(&format!("working_hours/{weekday}/{start_minute}")),
                rev: UNSAVED,
                technician_id: technician.id,
                branch_id: technician.branch_id,
                weekday,
                start_minute,
                end_minute,
            })?;
        }
        Ok(AvailabilitySet { minutes })
    }
}

/// The stretches in order; refuses what is no week.
fn checked(week: &[Stretch]) -> Result<Vec<Stretch>, Rejection> {
    let refuse = |reason, message: String| Err(Rejection::bad_request(reason, message));
    if week.len() > HOURS_PER_WEEK {
        return refuse("availability.too_many", format!("A week can have at most {HOURS_PER_WEEK} stretches of work."));
    }
    let mut week = week.to_vec();
    week.sort_by_key(|stretch| (stretch.weekday, stretch.start_minute));
    for stretch in &week {
        if !(1..=7).contains(&stretch.weekday) {
            let message = "Please give weekdays as 1 for Monday to 7 for Sunday.";
            return refuse("availability.weekday", message.to_owned());
        }
        if stretch.start_minute < 0 || stretch.end_minute > DAY_MINUTES || stretch.start_minute >= stretch.end_minute {
            let message = "Work must end after it starts, on the same day. Please split work past midnight in two.";
            return refuse("availability.minutes", message.to_owned());
        }
    }
    let overlap = |pair: &[Stretch]| pair[0].weekday == pair[1].weekday && pair[1].start_minute < pair[0].end_minute;
    if week.windows(2).any(overlap) {
        return refuse("availability.overlap", "Two stretches of work overlap. Please join them.".to_owned());
    }
    Ok(week)
}
