//! `job/v1/update`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{create::known, number, require_changeable, require_equipment_at};
use crate::{
    rules::{limits, text},
    tables::{Equipment, Job, JobPriority},
};

/// Changes what is written on a job. Fields left out stay as they are, so that edits of different fields merge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateJob {
    /// The job.
    pub job_id: Id<Job>,
    /// New title: one line, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::TITLE_CHARS))]
    pub title: Option<String>,
    /// New description; at most 20,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::DESCRIPTION_CHARS))]
    pub description: Option<String>,
    /// New priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<JobPriority>,
    /// New number, unique in the organization, at most 64 characters; empty to have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NUMBER_CHARS))]
    pub number: Option<String>,
    /// What the job is about now; equipment at the job's location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equipment_id: Option<Id<Equipment>>,
}

/// The job was changed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct JobUpdated {
    /// The job.
    pub job_id: Id<Job>,
}

impl Mutation for UpdateJob {
    const NAME: &'static str = "job/v1/update";
    const SUMMARY: &'static str = "Changes a job's title, description, priority, number or equipment.";
    type Output = JobUpdated;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.job_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<JobUpdated, Stop> {
        let mut job: Job = work.require(self.job_id)?;
        require_changeable(&job)?;
        let before = job.clone();
        if let Some(title) = &self.title {
            job.title = text::required("job.title", "a title", title, limits::TITLE_CHARS)?;
        }
        if let Some(description) = &self.description {
            let max = limits::DESCRIPTION_CHARS;
            job.description = text::checked("job.description", "the description", description, max)?;
        }
        if let Some(priority) = known(self.priority.as_ref())? {
            job.priority = priority;
        }
        if let Some(text) = &self.number {
            job.number = number(Some(text))?;
        }
        if let Some(equipment) = self.equipment_id {
            require_equipment_at(work, equipment, job.location_id)?;
            job.equipment_id = Some(equipment);
        }
        let asked = [
            self.title.is_some(),
            self.description.is_some(),
            self.priority.is_some(),
            self.number.is_some(),
            self.equipment_id.is_some(),
        ];
        if !asked.contains(&true) {
            return Err(Rejection::bad_request("job.nothing_to_change", "Please say what to change.").into());
        }
        if job != before {
            work.update(&job)?;
        }
        Ok(JobUpdated { job_id: job.id })
    }
}
