//! Checklists as the office designs them: `checklistTemplate/v1/...`. What is on visits already keeps its answers.

mod create;
mod items;
mod remove_item;
mod update;

pub use create::CreateChecklistTemplate;
pub use items::{AddTemplateItem, UpdateTemplateItem};
pub use remove_item::{RemoveTemplateItem, TemplateItemRemoved};
pub use update::UpdateChecklistTemplate;

use satchel_protocol::Id;
use schemars::JsonSchema;
use serde::Serialize;

use crate::tables::{ChecklistTemplate, ChecklistTemplateItem};

/// The template was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TemplateSaved {
    /// The template.
    pub template_id: Id<ChecklistTemplate>,
}

/// The question was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TemplateItemSaved {
    /// The question.
    pub item_id: Id<ChecklistTemplateItem>,
}
