//! `visit/v1/create`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{job_state, planning, planning::PlannedVisit, scene},
    tables::{Job, JobState, Visit},
};

/// Plans another visit of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateVisit {
    /// The job.
    pub job_id: Id<Job>,
    /// The visit.
    #[serde(flatten)]
    pub planned: PlannedVisit,
}

/// The visit as planned.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct VisitCreated {
    /// The new visit.
    pub visit_id: Id<Visit>,
    /// The job's state now.
    pub job_state: JobState,
}

impl Mutation for CreateVisit {
    const NAME: &'static str = "visit/v1/create";
    const SUMMARY: &'static str = "Plans a visit of a job, with its checklists.";
    type Output = VisitCreated;

    fn roots(&self) -> Vec<RowKey> {
        scene::roots(self.job_id, self.planned.visit_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<VisitCreated, Stop> {
        let mut job: Job = work.require(self.job_id)?;
        job_state::require_open(&job, "job.closed", "no visit can be planned")?;
        let visit = planning::plan(ctx, work, &job, &self.planned)?;
        Ok(VisitCreated { visit_id: visit.id, job_state: job_state::refresh(work, &mut job)? })
    }
}
