//! `checklistTemplate/v1/update`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TemplateSaved;
use crate::{
    rules::{change::Changes, limits},
    tables::ChecklistTemplate,
};

/// Renames a checklist, or says whether new visits get it. Fields left out stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateChecklistTemplate {
    /// The template.
    pub template_id: Id<ChecklistTemplate>,
    /// New name; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub name: Option<String>,
    /// New trade; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NAME_CHARS))]
    pub trade: Option<String>,
    /// Whether new visits get it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

impl Mutation for UpdateChecklistTemplate {
    const NAME: &'static str = "checklistTemplate/v1/update";
    const SUMMARY: &'static str = "Renames a checklist, or says whether new visits get it.";
    type Output = TemplateSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.template_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<TemplateSaved, Stop> {
        let before: ChecklistTemplate = work.require(self.template_id)?;
        let mut row = before.clone();
        let mut changes = Changes::of("checklist_template");
        changes.required(&mut row.name, self.name.as_deref(), ("name", "a name"), limits::NAME_CHARS)?;
        changes.required(&mut row.trade, self.trade.as_deref(), ("trade", "the trade"), limits::NAME_CHARS)?;
        changes.value(&mut row.active, self.active);
        changes.save(work, &before, &row)?;
        Ok(TemplateSaved { template_id: row.id })
    }
}
