//! Technicians: `technician/v1/...`.

mod absence;
mod create;
mod request_absence;
mod set_availability;
mod set_territories;
mod skills;
mod update;

pub use absence::{AbsenceAnswered, ApproveAbsence, CancelAbsence, DeclineAbsence};
pub use create::CreateTechnician;
pub use request_absence::{AbsenceRequested, RequestAbsence};
pub use set_availability::{AvailabilitySet, SetAvailability, Stretch};
pub use set_territories::{SetTerritories, TerritoriesSet};
pub use skills::{GrantSkill, RevokeSkill, SkillRevoked, TechnicianSkilled};
pub use update::UpdateTechnician;

use satchel_protocol::{Ctx, Id, Rejection};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{roles::Actor, tables::Technician};

/// The technician was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TechnicianSaved {
    /// The technician.
    pub technician_id: Id<Technician>,
}

/// Refuses to speak for another technician; planners speak for anybody.
fn require_own(ctx: &Ctx, technician: Id<Technician>) -> Result<Actor, Rejection> {
    let actor = Actor::of(ctx)?;
    if actor.acts_for(technician) {
        return Ok(actor);
    }
    Err(Rejection::forbidden("technician.not_own", "You can only do this for yourself."))
}
