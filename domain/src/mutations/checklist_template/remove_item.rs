//! `checklistTemplate/v1/removeItem`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tables::{ChecklistTemplate, ChecklistTemplateItem};

/// Takes a question off a checklist, while no visit has it and no other question depends on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RemoveTemplateItem {
    /// The question.
    pub item_id: Id<ChecklistTemplateItem>,
    /// The template it belongs to.
    pub template_id: Id<ChecklistTemplate>,
}

/// The question is gone.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TemplateItemRemoved {}

impl Mutation for RemoveTemplateItem {
    const NAME: &'static str = "checklistTemplate/v1/removeItem";
    const SUMMARY: &'static str = "Takes a question off a checklist.";
    type Output = TemplateItemRemoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.template_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<TemplateItemRemoved, Stop> {
        let item: ChecklistTemplateItem = work.require(self.item_id)?;
        if item.template_id != self.template_id {
            let message = "This question belongs to another checklist.";
            return Err(Rejection::bad_request("checklist_item.other_template", message).into());
        }
        let present: Vec<ChecklistTemplateItem> =
            work.find(ChecklistTemplateItem::BY_TEMPLATE, vec![self.template_id.into()])?;
        if present.iter().any(|other| other.shown_after_id == Some(item.id)) {
            let message = "Another question depends on this one. Please change that one first.";
            return Err(Rejection::conflict("checklist_item.depended_on", message).into());
        }
        // That no visit has it, only Postgres can tell: its answers point here.
        work.delete(item.id)?;
        Ok(TemplateItemRemoved {})
    }
}
