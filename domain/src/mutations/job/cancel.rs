//! `job/v1/cancel`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        job_state::{self, TRANSITIONS, Transition},
        limits, step, text,
        visit_state::{self, Intent},
    },
    tables::{Assignment, Job, JobState, Visit},
};

/// Calls a job off, with all its open visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CancelJob {
    /// The job.
    pub job_id: Id<Job>,
    /// Why; at most 2,000 characters.
    #[schemars(length(max = limits::REASON_CHARS))]
    pub reason: String,
}

/// The job was called off.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct JobCanceled {
    /// The job.
    pub job_id: Id<Job>,
    /// How many visits were called off with it.
    pub visits_canceled: u32,
}

impl Mutation for CancelJob {
    const NAME: &'static str = "job/v1/cancel";
    const SUMMARY: &'static str = "Cancels a job and its open visits.";
    type Output = JobCanceled;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.job_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<JobCanceled, Stop> {
        let reason = text::required("job.cancel_reason", "a reason", &self.reason, limits::REASON_CHARS)?;
        let mut job: Job = work.require(self.job_id)?;
        let cancels = |step: &Transition| step.from == job.state && step.intent == job_state::Intent::Cancel;
        if !TRANSITIONS.iter().any(cancels) {
            let standing = match job.state {
                JobState::Completed => "is already completed",
                JobState::Closed => "has been closed by the office",
                JobState::Canceled => "was already canceled",
                _ => "is in a state this version of the app does not know",
            };
            let message = format!("This job {standing}, so it can no longer be canceled.");
            return Err(Rejection::conflict("job.closed", message).into());
        }
        let visits: Vec<Visit> = work.find(Visit::BY_JOB, vec![job.id.into()])?;
        let assignments: Vec<Assignment> = work.find(Assignment::BY_JOB, vec![job.id.into()])?;
        let mut visits_canceled = 0;
        for mut visit in visits.into_iter().filter(|visit| visit_state::is_open(&visit.state)) {
            let own: Vec<_> = assignments.iter().filter(|other| other.visit_id == visit.id).cloned().collect();
            step::move_visit(ctx, work, &mut visit, &own, Intent::Cancel, Some(reason.clone()))?;
            visits_canceled += 1;
        }
        job.cancel_reason = Some(reason);
        job_state::store(work, &mut job, JobState::Canceled)?;
        Ok(JobCanceled { job_id: job.id, visits_canceled })
    }
}
