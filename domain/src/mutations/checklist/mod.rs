//! Checklists: `checklist/v1/...`.

mod answer;
mod attach;

pub use answer::{AnswerItem, AnswerSet, ClearAnswer, MarkNotApplicable};
pub use attach::{AttachChecklist, ChecklistAttached};
