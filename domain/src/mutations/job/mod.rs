//! Jobs: `job/v1/...`.

mod cancel;
mod create;
mod set_skills;
mod update;
mod update_status;

pub use cancel::{CancelJob, JobCanceled};
pub use create::{CreateJob, JobCreated};
pub use set_skills::{JobSkillsSet, SetJobSkills};
pub use update::{JobUpdated, UpdateJob};
pub use update_status::{JobStatusUpdated, UpdateJobStatus};

use satchel_protocol::{Id, Rejection, Stop, Workspace};

use crate::tables::{Equipment, Job, Location};

/// The office's number in proper form. That it is unique, only Postgres can tell.
fn number(text: Option<&str>) -> Result<Option<String>, Rejection> {
    crate::rules::text::optional("job.number", "the job number", text, crate::rules::limits::NUMBER_CHARS)
}

/// Refuses equipment that stands elsewhere.
fn require_equipment_at(work: &mut Workspace, id: Id<Equipment>, location: Id<Location>) -> Result<(), Stop> {
    let equipment: Equipment = work.require(id)?;
    if equipment.location_id == location {
        return Ok(());
    }
    Err(Rejection::bad_request("job.equipment_elsewhere", "This equipment stands at another location.").into())
}

/// Refuses to change a job that is canceled or closed.
fn require_changeable(job: &Job) -> Result<(), Rejection> {
    crate::rules::job_state::require_open(job, "job.closed", "it can no longer be changed")
}
