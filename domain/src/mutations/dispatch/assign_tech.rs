//! `dispatch/v1/assignTech`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        assigning,
        scene::{self, Scene},
        warnings::{Confirmed, Override},
    },
    tables::{Assignment, DispatchRule, Job, Technician, Visit},
};

/// Puts a technician on a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssignTech {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// Who is to go.
    pub technician_id: Id<Technician>,
    /// Books although the technician has another visit in this window; without it that is refused with
    /// `assignment.overlap`.
    #[serde(default)]
    pub confirm_overlap: bool,
    /// Warnings to book against, each with its reason. A warning that is not confirmed refuses; its `details` list all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirm: Vec<Override>,
}

/// The technician was put on the visit.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TechAssigned {
    /// The new assignment.
    pub assignment_id: Id<Assignment>,
    /// Whether the technician is double booked now.
    pub overlaps: bool,
    /// The rules that were overruled.
    pub overridden: Vec<DispatchRule>,
}

impl Mutation for AssignTech {
    const NAME: &'static str = "dispatch/v1/assignTech";
    const SUMMARY: &'static str = "Assigns a technician to a visit; warns of what speaks against it.";
    const SERVER_ONLY: bool = true;
    type Output = TechAssigned;

    fn roots(&self) -> Vec<RowKey> {
        // With the technician, so that two dispatchers cannot double book without a warning.
        let mut roots = scene::roots(self.job_id, self.visit_id);
        roots.push(RowKey::of(self.technician_id));
        roots
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<TechAssigned, Stop> {
        let scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
        let confirmed = Confirmed { overlap: self.confirm_overlap, overrides: &self.confirm };
        let (assignment, settled) = assigning::assign(ctx, work, &scene, self.technician_id, confirmed)?;
        let overlaps = assignment.overlap_confirmed;
        Ok(TechAssigned { assignment_id: assignment.id, overlaps, overridden: settled.overridden })
    }
}
