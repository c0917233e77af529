//! `job/v1/create`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{number, require_equipment_at};
use crate::{
    rules::{job_state, limits, planning, planning::PlannedVisit, text},
    tables::{Branch, Customer, Equipment, Job, JobPriority, JobState, Location},
};

/// Writes down a new job, optionally with its first visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateJob {
    /// Id of the new job, made by the caller.
    pub job_id: Id<Job>,
    /// The branch that does it.
    pub branch_id: Id<Branch>,
    /// Who it is for.
    pub customer_id: Id<Customer>,
    /// Where it is; a location of that customer.
    pub location_id: Id<Location>,
    /// What it is about; equipment at that location.
    #[serde(default)]
    pub equipment_id: Option<Id<Equipment>>,
    /// The office's own number, unique in the organization; at most 64 characters.
    #[serde(default)]
    #[schemars(length(max = limits::NUMBER_CHARS))]
    pub number: Option<String>,
    /// One line; at most 200 characters.
    #[schemars(length(max = limits::TITLE_CHARS))]
    pub title: String,
    /// All that is known; at most 20,000 characters.
    #[serde(default)]
    #[schemars(length(max = limits::DESCRIPTION_CHARS))]
    pub description: String,
    /// How urgent it is; `normal` when left out.
    #[serde(default)]
    pub priority: Option<JobPriority>,
    /// True for a job that is still being written.
    #[serde(default)]
    pub draft: bool,
    /// The first visit, if it is known already.
    #[serde(default)]
    pub first_visit: Option<PlannedVisit>,
}

/// The job as written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct JobCreated {
    /// The new job.
    pub job_id: Id<Job>,
    /// Where it stands.
    pub state: JobState,
}

impl Mutation for CreateJob {
    const NAME: &'static str = "job/v1/create";
    const SUMMARY: &'static str = "Creates a job, optionally with its first visit.";
    // A phone holds only the customers and locations of its own jobs.
    const SERVER_ONLY: bool = true;
    type Output = JobCreated;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.job_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<JobCreated, Stop> {
        let mut job = Job {
            id: self.job_id,
            rev: UNSAVED,
            branch_id: self.branch_id,
            customer_id: self.customer_id,
            location_id: self.location_id,
            equipment_id: self.equipment_id,
            number: number(self.number.as_deref())?,
            title: text::required("job.title", "a title", &self.title, limits::TITLE_CHARS)?,
            description: text::checked(
                "job.description",
                "the description",
                &self.description,
                limits::DESCRIPTION_CHARS,
            )?,
            state: if self.draft { JobState::Draft } else { JobState::Unscheduled },
            priority: known(self.priority.as_ref())?.unwrap_or(JobPriority::Normal),
            cancel_reason: None,
        };
        work.require(self.branch_id)?;
        work.require(self.customer_id)?;
        let location: Location = work.require(self.location_id)?;
        if location.customer_id != self.customer_id {
            let message = "This location belongs to another customer.";
            return Err(Rejection::bad_request("job.location_of_other_customer", message).into());
        }
        if let Some(equipment) = self.equipment_id {
            require_equipment_at(work, equipment, self.location_id)?;
        }
        work.insert(&job)?;
        if let Some(planned) = &self.first_visit {
            planning::plan(ctx, work, &job, planned)?;
            job_state::refresh(work, &mut job)?;
        }
        Ok(JobCreated { job_id: job.id, state: job.state })
    }
}

/// Refuses a priority that this build does not know: it would not be stored.
pub(super) fn known(priority: Option<&JobPriority>) -> Result<Option<JobPriority>, Rejection> {
    match priority {
        Some(JobPriority::Unknown(_)) => {
            let message = "Please choose one of the priorities low, normal, high and emergency.";
            Err(Rejection::bad_request("job.priority", message))
        }
        known => Ok(known.cloned()),
    }
}
