//! `dispatch/v1/reschedule`.

use jiff::Timestamp;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        scene::{self, Scene},
        visit_state,
        warnings::{self, Confirmed, Override},
        window::Window,
    },
    tables::{Assignment, DispatchRule, Job, Visit},
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
    /// Warnings to book against, each with its reason. A warning that is not confirmed refuses; its `details` list all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirm: Vec<Override>,
}

/// The visit was moved.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rescheduled {
    /// Whether one of its technicians is double booked now.
    pub overlaps: bool,
    /// The rules that were overruled.
    pub overridden: Vec<DispatchRule>,
}

impl Mutation for Reschedule {
    const NAME: &'static str = "dispatch/v1/reschedule";
    const SUMMARY: &'static str = "Moves a visit to another arrival window; warns of what speaks against it.";
    const SERVER_ONLY: bool = true;
    type Output = Rescheduled;

    fn roots(&self) -> Vec<RowKey> {
        // Not the technicians: who they are is not known before reading. At worst a warning stays out when two
        // dispatchers book the same technician in the same instant.
        scene::roots(self.job_id, self.visit_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<Rescheduled, Stop> {
        let window = Window::new(self.window_start, self.window_end)?;
        let Scene { job, mut visit, assignments, .. } = {
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
        let technicians: Vec<_> = assignments.iter().map(|assignment| assignment.technician_id).collect();
        let confirmed = Confirmed { overlap: self.confirm_overlap, overrides: &self.confirm };
        let settled = warnings::settle(ctx, work, &job, &visit, &technicians, confirmed)?;
        for assignment in assignments {
            let overlap_confirmed = settled.double_booked.contains(&assignment.technician_id);
            work.update(&Assignment {
                window_start: window.start,
                window_end: window.end,
                overlap_confirmed,
                ..assignment
            })?;
        }
        Ok(Rescheduled { overlaps: !settled.double_booked.is_empty(), overridden: settled.overridden })
    }
}
