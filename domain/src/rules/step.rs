//! Moving a visit: the only code that changes a visit's state.
//!
//! Invariants: with every move an event is appended, the assignments' `open` follows the visit, and the job's state
//! follows from its visits.

use jiff::{SignedDuration, Timestamp};
use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    checklists, clock, documents, job_state,
    scene::Scene,
    visit_state::{self, Intent},
};
use crate::tables::{Assignment, JobState, Visit, VisitState, VisitStatusEvent};

/// How much earlier than the last move of its visit a move may be before it is flagged. Two phones at one visit are not
/// quite of one mind.
pub const BEFORE_LAST_MOVE: SignedDuration = SignedDuration::from_mins(5);

/// Where a visit and its job stand after a move.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct VisitMoved {
    /// The visit's state now.
    pub state: VisitState,
    /// The job's state now.
    pub job_state: JobState,
}

/// Moves a visit. `detail` is the reason or outcome, where one was given.
pub fn take(
    ctx: &Ctx,
    work: &mut Workspace,
    mut scene: Scene,
    intent: Intent,
    detail: Option<String>,
) -> Result<VisitMoved, Stop> {
    job_state::require_open(
        &scene.job,
        "visit.closed",
        &format!("its visits can no longer be {}", intent.participle()),
    )?;
    visit_state::next(&scene.visit.state, intent)?;
    if intent.needs_technician() && scene.assignments.is_empty() {
        let message = "Nobody is assigned to this visit. Please assign a technician first.";
        return Err(Rejection::conflict("visit.unassigned", message).into());
    }
    if intent == Intent::Complete {
        checklists::require_complete(work, scene.visit.id)?;
        documents::require_settled(work, scene.job.id, scene.visit.id)?;
    }
    flag_early(work, scene.visit.id, clock::acted_at(ctx))?;
    let state = move_visit(ctx, work, &mut scene.visit, &scene.assignments, intent, detail)?;
    let job_state = job_state::refresh(work, &mut scene.job)?;
    Ok(VisitMoved { state, job_state })
}

/// Moves a visit and what hangs on it, but leaves the job for the caller to bring in step.
pub fn move_visit(
    ctx: &Ctx,
    work: &mut Workspace,
    visit: &mut Visit,
    assignments: &[Assignment],
    intent: Intent,
    detail: Option<String>,
) -> Result<VisitState, Stop> {
    let acted_at = clock::acted_at(ctx);
    let to_state = visit_state::next(&visit.state, intent)?;
    let from_state = std::mem::replace(&mut visit.state, to_state.clone());
    let open = visit_state::is_open(&to_state);
    if intent == Intent::Arrive {
        visit.arrived_at = Some(acted_at);
    }
    if !open {
        visit.ended_at = Some(acted_at);
        visit.outcome.clone_from(&detail);
    }
    work.update(visit)?;
    for assignment in assignments.iter().filter(|assignment| assignment.open != open) {
        work.update(&Assignment { open, ..assignment.clone() })?;
    }
    work.insert(&VisitStatusEvent {
        id: ctx.derive_id(&format!("visit_status_event/{}", visit.id)),
        rev: UNSAVED,
        job_id: visit.job_id,
        branch_id: visit.branch_id,
        visit_id: visit.id,
        from_state,
        to_state: to_state.clone(),
        occurred_at: acted_at,
        user_id: ctx.user_id,
        reason: detail,
    })?;
    Ok(to_state)
}

/// Flags a move that claims to have come long before one that stands already.
fn flag_early(work: &mut Workspace, visit: Id<Visit>, acted_at: Timestamp) -> Result<(), Stop> {
    let events: Vec<VisitStatusEvent> = work.find(VisitStatusEvent::BY_VISIT, vec![visit.into()])?;
    let last = events.iter().map(|event| event.occurred_at).max();
    if last.is_some_and(|last| acted_at.duration_until(last) > BEFORE_LAST_MOVE) {
        work.flag("visit.before_last_move");
    }
    Ok(())
}
