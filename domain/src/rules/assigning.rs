//! Putting a technician on a visit.

use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace, record::UNSAVED};

use super::{
    limits::TECHNICIANS_PER_VISIT,
    scene::Scene,
    warnings::{self, Confirmed, Settled},
};
use crate::tables::{Assignment, Technician};

/// Assigns a technician who is active and not on the visit yet; warns of what speaks against it.
pub fn assign(
    ctx: &Ctx,
    work: &mut Workspace,
    scene: &Scene,
    technician: Id<Technician>,
    confirmed: Confirmed<'_>,
) -> Result<(Assignment, Settled), Stop> {
    scene.require_open("nobody can be assigned to it")?;
    let technician: Technician = work.require(technician)?;
    if !technician.active {
        let message = "This technician is no longer active. Please choose another.";
        return Err(Rejection::conflict("technician.inactive", message).into());
    }
    if scene.assignment_of(technician.id).is_some() {
        let message = "This technician is already assigned to the visit.";
        return Err(Rejection::conflict("assignment.exists", message).into());
    }
    if scene.assignments.len() >= TECHNICIANS_PER_VISIT {
        let message = format!("A visit can have at most {TECHNICIANS_PER_VISIT} technicians.");
        return Err(Rejection::conflict("assignment.too_many", message).into());
    }
    let visit = &scene.visit;
    let settled = warnings::settle(ctx, work, &scene.job, visit, &[technician.id], confirmed)?;
    let assignment = Assignment {
        id: ctx.derive_id("assignment"),
        rev: UNSAVED,
        job_id: visit.job_id,
        branch_id: visit.branch_id,
        visit_id: visit.id,
        technician_id: technician.id,
        window_start: visit.window_start,
        window_end: visit.window_end,
        open: true,
        overlap_confirmed: settled.double_booked.contains(&technician.id),
    };
    work.insert(&assignment)?;
    Ok((assignment, settled))
}
