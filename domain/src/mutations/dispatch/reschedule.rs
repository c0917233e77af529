//! `dispatch/v1/reschedule`.

use jiff::Timestamp;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    roles::Actor,
    rules::{
        overlap,
        scene::{self, Scene},
        visit_state,
        window::Window,
    },
    tables::{Assignment, Job, Visit},
};

/// Moves a visit that has not begun to another arrival window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reschedule {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// Start of the new arrival window.
    pub window_start: Timestamp,
    /// End of the new arrival window: after its start, at most 14 days later.
    pub window_end: Timestamp,
    /// Books although a technician has another visit in this window; without it that is refused with
    /// `assignment.overlap`.
    #[serde(default)]
    pub confirm_overlap: bool,
}

/// The visit was moved.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rescheduled {
    /// Whether one of its technicians is double booked now.
    pub overlaps: bool,
}

impl Mutation for Reschedule {
    const NAME: &'static str = "dispatch/v1/reschedule";
    const SUMMARY: &'static str = "Moves a visit to another arrival window; warns of double booking.";
    const SERVER_ONLY: bool = true;
    type Output = Rescheduled;

    fn roots(&self) -> Vec<RowKey> {
        // Not the technicians: who they are is not known before reading. At worst a warning stays out when two
        // dispatchers book the same technician in the same instant.
        scene::roots(self.job_id, self.visit_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<Rescheduled, Stop> {
        Actor::require_planner(ctx)?;
        let window = Window::new(self.window_start, self.window_end)?;
        let Scene { mut visit, assignments, .. } = {
            let scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
            scene.require_open("it can no longer be moved")?;
            scene
        };
        if visit_state::is_under_way(&visit.state) {
            let message = "The technician is already on the way or at work, so this visit can no longer be moved.";
            return Err(Rejection::conflict("visit.under_way", message).into());
        }
        visit.window_start = window.start;
        visit.window_end = window.end;
        work.update(&visit)?;
        let mut overlaps = false;
        for assignment in assignments {
            let overlap_confirmed =
                overlap::warn(work, assignment.technician_id, visit.id, &window, self.confirm_overlap)?;
            overlaps |= overlap_confirmed;
            work.update(&Assignment {
                window_start: window.start,
                window_end: window.end,
                overlap_confirmed,
                ..assignment
            })?;
        }
        Ok(Rescheduled { overlaps })
    }
}
