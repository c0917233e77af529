//! `checklist/v1/attach`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        checklists,
        scene::{self, Scene},
    },
    tables::{Checklist, ChecklistTemplate, Job, Visit},
};

/// Puts a checklist on an open visit, with an open answer for each of the template's items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AttachChecklist {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit; it can have at most 8 checklists, each template once.
    pub visit_id: Id<Visit>,
    /// Id of the new checklist, made by the caller.
    pub checklist_id: Id<Checklist>,
    /// What is to be checked; an active template.
    pub template_id: Id<ChecklistTemplate>,
}

/// The checklist was put on the visit.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ChecklistAttached {
    /// The new checklist.
    pub checklist_id: Id<Checklist>,
    /// How many items it has.
    pub items: usize,
}

impl Mutation for AttachChecklist {
    const NAME: &'static str = "checklist/v1/attach";
    const SUMMARY: &'static str = "Puts a checklist on a visit.";
    type Output = ChecklistAttached;

    fn roots(&self) -> Vec<RowKey> {
        scene::roots(self.job_id, self.visit_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<ChecklistAttached, Stop> {
        let scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
        scene.require_open("no checklist can be added")?;
        let items = checklists::attach(ctx, work, &scene.visit, self.template_id, self.checklist_id)?;
        Ok(ChecklistAttached { checklist_id: self.checklist_id, items })
    }
}
