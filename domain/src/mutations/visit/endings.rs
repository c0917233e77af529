//! How a visit ends: `visit/v1/complete`, `completePartially`, `cannotComplete`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{reason, required_reason};
use crate::{
    rules::{
        limits,
        scene::{self, Scene},
        step::{self, VisitMoved},
        visit_state::Intent,
    },
    tables::{Job, Visit},
};

/// Ends a visit with all work done. Refused with `visit.items_open` while required checklist items are open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CompleteVisit {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// What was done; at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::REASON_CHARS))]
    pub outcome: Option<String>,
}

impl Mutation for CompleteVisit {
    const NAME: &'static str = "visit/v1/complete";
    const SUMMARY: &'static str = "Completes a visit whose required checklist items are all answered.";
    type Output = VisitMoved;

    fn roots(&self) -> Vec<RowKey> {
        scene::roots(self.job_id, self.visit_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<VisitMoved, Stop> {
        let scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
        step::take(ctx, work, scene, Intent::Complete, reason(self.outcome.as_deref())?)
    }
}

/// Ends a visit with part of the work done; another visit is needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CompleteVisitPartially {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// What was done and what is left; at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::REASON_CHARS))]
    pub outcome: Option<String>,
}

impl Mutation for CompleteVisitPartially {
    const NAME: &'static str = "visit/v1/completePartially";
    const SUMMARY: &'static str = "Ends a visit of which only part could be done.";
    type Output = VisitMoved;

    fn roots(&self) -> Vec<RowKey> {
        scene::roots(self.job_id, self.visit_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<VisitMoved, Stop> {
        let scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
        step::take(ctx, work, scene, Intent::CompletePartially, reason(self.outcome.as_deref())?)
    }
}

/// Ends a visit on which the work could not be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CannotCompleteVisit {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// Why not; at most 2,000 characters.
    #[schemars(length(max = limits::REASON_CHARS))]
    pub reason: String,
}

impl Mutation for CannotCompleteVisit {
    const NAME: &'static str = "visit/v1/cannotComplete";
    const SUMMARY: &'static str = "Ends a visit on which the work could not be done, with the reason.";
    type Output = VisitMoved;

    fn roots(&self) -> Vec<RowKey> {
        scene::roots(self.job_id, self.visit_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<VisitMoved, Stop> {
        let reason = required_reason(&self.reason)?;
        let scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
        step::take(ctx, work, scene, Intent::CannotComplete, reason)
    }
}
