//! A visit with everything around it that rules ask for, and the right to act on it.

use satchel_protocol::{Ctx, Id, Rejection, RowKey, Stop, Workspace};

use super::{job_state, visit_state};
use crate::{
    roles::Actor,
    tables::{Assignment, Job, Technician, Visit},
};

/// A visit, its job and who goes. Whoever holds one may act on the visit.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The job.
    pub job: Job,
    /// The visit.
    pub visit: Visit,
    /// Who goes.
    pub assignments: Vec<Assignment>,
    /// Who acts.
    pub actor: Actor,
}

/// What to lock before acting on a visit. The job comes along, because its state follows from all of its visits.
pub fn roots(job: Id<Job>, visit: Id<Visit>) -> Vec<RowKey> {
    vec![RowKey::of(job), RowKey::of(visit)]
}

impl Scene {
    /// Reads the scene. Refuses when the job or visit is not there, the visit is not of that job
    /// (`visit.other_job`), or the author may not act on it (`visit.not_assigned`).
    pub fn of(ctx: &Ctx, work: &mut Workspace, job: Id<Job>, visit: Id<Visit>) -> Result<Self, Stop> {
        let actor = Actor::of(ctx)?;
        let job = work.require(job)?;
        let visit: Visit = work.require(visit)?;
        if visit.job_id != job.id {
            return Err(Rejection::bad_request("visit.other_job", "This visit belongs to another job.").into());
        }
        let assignments: Vec<Assignment> = work.find(Assignment::BY_VISIT, vec![visit.id.into()])?;
        require_assigned(actor, &assignments, "visit.not_assigned", "You are not assigned to this visit any more.")?;
        Ok(Self { job, visit, assignments, actor })
    }

    /// The assignment of a technician.
    pub fn assignment_of(&self, technician: Id<Technician>) -> Option<&Assignment> {
        self.assignments.iter().find(|assignment| assignment.technician_id == technician)
    }

    /// Refuses with `visit.closed` unless the visit can still go on.
    pub fn require_open(&self, wanted: &str) -> Result<(), Rejection> {
        job_state::require_open(&self.job, "visit.closed", wanted)?;
        if visit_state::is_open(&self.visit.state) {
            return Ok(());
        }
        let state = visit_state::words(&self.visit.state);
        Err(Rejection::conflict("visit.closed", format!("This visit has already been {state}, so {wanted}.")))
    }

    /// Like [`require_open`](Self::require_open), but the office may still complete the papers of an ended visit while
    /// the job is not closed or canceled.
    pub fn require_papers_open(&self, wanted: &str) -> Result<(), Rejection> {
        match self.actor {
            Actor::Planner => job_state::require_open(&self.job, "visit.closed", wanted),
            Actor::Technician(_) => self.require_open(wanted),
        }
    }
}

/// Refuses a technician who is in none of `assignments`.
pub fn require_assigned(
    actor: Actor,
    assignments: &[Assignment],
    reason: &str,
    message: &str,
) -> Result<(), Rejection> {
    match actor {
        Actor::Technician(own) if !assignments.iter().any(|assignment| assignment.technician_id == own) => {
            Err(Rejection::forbidden(reason, message))
        }
        _ => Ok(()),
    }
}
