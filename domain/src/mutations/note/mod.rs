//! Notes: `note/v1/...`.

mod create;
mod edit;

pub use create::{CreateNote, NoteCreated};
pub use edit::{EditNote, NoteEdited};

use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace};

use crate::{
    roles::Actor,
    rules::scene,
    tables::{Assignment, Job, JobState},
};

/// The job, if the author may write notes on it: planners, and technicians on any of its visits. Unlike its visits, a
/// canceled job still takes notes: somebody has to say what was done before the cancellation came.
fn notable_job(ctx: &Ctx, work: &mut Workspace, job: Id<Job>) -> Result<Job, Stop> {
    let actor = Actor::of(ctx)?;
    let job = work.require(job)?;
    let assignments: Vec<Assignment> = work.find(Assignment::BY_JOB, vec![job.id.into()])?;
    scene::require_assigned(actor, &assignments, "job.not_assigned", "You are not assigned to this job any more.")?;
    if job.state == JobState::Closed {
        let message = "This job has been closed by the office, so its notes can no longer be changed.";
        return Err(Rejection::conflict("job.closed", message).into());
    }
    Ok(job)
}
