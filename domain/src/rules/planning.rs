//! Planning a visit.

use jiff::Timestamp;
use satchel_protocol::{Ctx, Id, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{checklists, window::Window};
use crate::tables::{ChecklistTemplate, Job, Location, Visit, VisitState};

/// A visit to plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedVisit {
    /// Id of the new visit, made by the caller.
    pub visit_id: Id<Visit>,
    /// Start of the promised arrival window.
    pub window_start: Timestamp,
    /// End of the promised arrival window: after its start, at most 14 days later.
    pub window_end: Timestamp,
    /// Templates of the checklists the visit gets; at most 8, each once.
    #[serde(default)]
    pub template_ids: Vec<Id<ChecklistTemplate>>,
}

/// Writes the visit, in the time zone of the job's location, with its checklists.
pub fn plan(ctx: &Ctx, work: &mut Workspace, job: &Job, planned: &PlannedVisit) -> Result<Visit, Stop> {
    let window = Window::new(planned.window_start, planned.window_end)?;
    let location: Location = work.require(job.location_id)?;
    let visit = Visit {
        id: planned.visit_id,
        rev: UNSAVED,
        job_id: job.id,
        branch_id: job.branch_id,
        state: VisitState::Scheduled,
        window_start: window.start,
        window_end: window.end,
        zone: location.zone,
        arrived_at: None,
        ended_at: None,
        outcome: None,
    };
    work.insert(&visit)?;
    checklists::attach_all(ctx, work, &visit, &planned.template_ids)?;
    Ok(visit)
}
