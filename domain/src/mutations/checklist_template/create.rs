//! `checklistTemplate/v1/create`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TemplateSaved;
use crate::{
    rules::{limits, text},
    tables::ChecklistTemplate,
};

/// Begins a new checklist; its questions are added one by one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateChecklistTemplate {
    /// Id of the new template, made by the caller.
    pub template_id: Id<ChecklistTemplate>,
    /// What it is called; at most 200 characters.
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: String,
    /// The trade it belongs to, `hvac`; at most 200 characters.
    #[schemars(length(max = limits::NAME_CHARS))]
    pub trade: String,
}

impl Mutation for CreateChecklistTemplate {
    const NAME: &'static str = "checklistTemplate/v1/create";
    const SUMMARY: &'static str = "Begins a new checklist.";
    type Output = TemplateSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.template_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<TemplateSaved, Stop> {
        work.insert(&ChecklistTemplate {
            id: self.template_id,
            rev: UNSAVED,
            name: text::required("checklist_template.name", "a name", &self.name, limits::NAME_CHARS)?,
            trade: text::required("checklist_template.trade", "the trade", &self.trade, limits::NAME_CHARS)?,
            active: true,
        })?;
        Ok(TemplateSaved { template_id: self.template_id })
    }
}
