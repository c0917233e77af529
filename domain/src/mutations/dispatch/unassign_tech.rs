//! `dispatch/v1/unassignTech`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        scene::{self, Scene},
        step,
        visit_state::Intent,
    },
    tables::{Job, Technician, Visit, VisitState},
};

/// Takes a technician off a visit. The last one off sends a visit that was dispatched back to scheduled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UnassignTech {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// Who is not to go any more.
    pub technician_id: Id<Technician>,
}

/// The technician was taken off the visit.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TechUnassigned {
    /// The visit's state now.
    pub state: VisitState,
}

impl Mutation for UnassignTech {
    const NAME: &'static str = "dispatch/v1/unassignTech";
    const SUMMARY: &'static str = "Takes a technician off a visit.";
    const SERVER_ONLY: bool = true;
    type Output = TechUnassigned;

    fn roots(&self) -> Vec<RowKey> {
        scene::roots(self.job_id, self.visit_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<TechUnassigned, Stop> {
        let mut scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
        scene.require_open("its technicians can no longer be changed")?;
        let Some(assignment) = scene.assignment_of(self.technician_id) else {
            let message = "This technician is not assigned to the visit any more.";
            return Err(Rejection::not_found("assignment.not_found", message).into());
        };
        let id = assignment.id;
        scene.assignments.retain(|other| other.id != id);
        work.delete(id)?;
        let state = scene.visit.state.clone();
        if !scene.assignments.is_empty() || state == VisitState::Scheduled {
            return Ok(TechUnassigned { state });
        }
        if matches!(state, VisitState::OnSite | VisitState::Paused) {
            let message = "Work on this visit has begun. Please assign somebody else first, or cancel the visit.";
            return Err(Rejection::conflict("assignment.last_on_site", message).into());
        }
        let moved = step::take(ctx, work, scene, Intent::Withdraw, None)?;
        Ok(TechUnassigned { state: moved.state })
    }
}
