//! What only the office does to a visit: `visit/v1/dispatch` and `cancel`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::required_reason;
use crate::{
    rules::{
        limits,
        scene::{self, Scene},
        step::{self, VisitMoved},
        visit_state::Intent,
    },
    tables::{Job, Visit},
};

/// Sends a visit to its technicians.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DispatchVisit {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit; a technician must be assigned to it.
    pub visit_id: Id<Visit>,
}

impl Mutation for DispatchVisit {
    const NAME: &'static str = "visit/v1/dispatch";
    const SUMMARY: &'static str = "Sends a scheduled visit to its technicians.";
    type Output = VisitMoved;

    fn roots(&self) -> Vec<RowKey> {
        scene::roots(self.job_id, self.visit_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<VisitMoved, Stop> {
        let scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
        step::take(ctx, work, scene, Intent::Dispatch, None)
    }
}

/// Calls one visit off; the job goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CancelVisit {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// Why; at most 2,000 characters.
    #[schemars(length(max = limits::REASON_CHARS))]
    pub reason: String,
}

impl Mutation for CancelVisit {
    const NAME: &'static str = "visit/v1/cancel";
    const SUMMARY: &'static str = "Cancels one visit of a job.";
    type Output = VisitMoved;

    fn roots(&self) -> Vec<RowKey> {
        scene::roots(self.job_id, self.visit_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<VisitMoved, Stop> {
        let reason = required_reason(&self.reason)?;
        let scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
        step::take(ctx, work, scene, Intent::Cancel, reason)
    }
}
