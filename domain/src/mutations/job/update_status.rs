//! `job/v1/updateStatus`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::job_state::{self, Intent, TRANSITIONS},
    tables::{Job, JobState},
};

/// Moves a job where its visits do not: releases a draft, closes what is done, reopens what was closed too early.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateJobStatus {
    /// The job.
    pub job_id: Id<Job>,
    /// Where it is to stand: `unscheduled` releases a draft; `closed` settles a job without open visits; `completed` or
    /// `unscheduled` reopens a closed one. All else follows from the visits, or is canceled with a reason.
    pub status: JobState,
}

/// Where the job stands.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct JobStatusUpdated {
    /// The job's state now. A reopened job follows its visits.
    pub state: JobState,
}

impl Mutation for UpdateJobStatus {
    const NAME: &'static str = "job/v1/updateStatus";
    const SUMMARY: &'static str = "Releases, closes or reopens a job.";
    type Output = JobStatusUpdated;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.job_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<JobStatusUpdated, Stop> {
        match self.status {
            JobState::Unscheduled | JobState::Completed | JobState::Closed => {}
            JobState::Canceled => {
                let message = "A job is canceled with a reason. Please use cancel.";
                return Err(Rejection::bad_request("job.status", message).into());
            }
            _ => {
                let message = "A job becomes scheduled or in progress by its visits only.";
                return Err(Rejection::bad_request("job.status", message).into());
            }
        }
        let mut job: Job = work.require(self.job_id)?;
        let step = TRANSITIONS.iter().find(|step| step.from == job.state && step.to == self.status);
        let Some(step) = step else {
            let message = format!("This job is {}, so it cannot become {} now.", job.state, self.status);
            return Err(Rejection::conflict("job.state", message.replace('_', " ")).into());
        };
        // What a reopened job becomes, its visits say.
        let state = if step.intent == Intent::Reopen { JobState::Unscheduled } else { step.to.clone() };
        job_state::store(work, &mut job, state)?;
        Ok(JobStatusUpdated { state: job_state::refresh(work, &mut job)? })
    }
}
