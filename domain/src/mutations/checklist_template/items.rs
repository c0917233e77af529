//! `checklistTemplate/v1/addItem` and `updateItem`.

use std::collections::HashMap;

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TemplateItemSaved;
use crate::{
    rules::{
        change::Changes,
        limits::{self, TEMPLATE_ITEMS},
        text,
    },
    tables::{AnswerKind, ChecklistTemplate, ChecklistTemplateItem},
};

/// Adds a question to a checklist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AddTemplateItem {
    /// Id of the new question, made by the caller.
    pub item_id: Id<ChecklistTemplateItem>,
    /// The template; it can have at most 200 questions.
    pub template_id: Id<ChecklistTemplate>,
    /// Place in the list, from 1 to 10,000; several may share one.
    pub position: i32,
    /// The question; at most 200 characters.
    #[schemars(length(max = limits::TITLE_CHARS))]
    pub prompt: String,
    /// What kind of answer it takes.
    pub answer_kind: AnswerKind,
    /// Whether an open answer blocks completion of the visit.
    pub required: bool,
    /// The question this one depends on; must be given with `shown_when`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_after_id: Option<Id<ChecklistTemplateItem>>,
    /// The answer that shows this one; at most 4,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::ANSWER_CHARS))]
    pub shown_when: Option<String>,
}

/// Changes a question. Fields left out stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateTemplateItem {
    /// The question.
    pub item_id: Id<ChecklistTemplateItem>,
    /// The template it belongs to.
    pub template_id: Id<ChecklistTemplate>,
    /// New place in the list, from 1 to 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i32>,
    /// New wording; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::TITLE_CHARS))]
    pub prompt: Option<String>,
    /// Whether an open answer blocks completion of the visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// The question this one depends on now; must be given with `shown_when`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_after_id: Option<Id<ChecklistTemplateItem>>,
    /// The answer that shows this one, at most 4,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::ANSWER_CHARS))]
    pub shown_when: Option<String>,
    /// True to ask it always.
    #[serde(default)]
    pub always_shown: bool,
}

impl Mutation for AddTemplateItem {
    const NAME: &'static str = "checklistTemplate/v1/addItem";
    const SUMMARY: &'static str = "Adds a question to a checklist.";
    type Output = TemplateItemSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.template_id), RowKey::of(self.item_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<TemplateItemSaved, Stop> {
        if let AnswerKind::Unknown(_) = self.answer_kind {
            let message = "Please choose one of yes_no, number, text and photo.";
            return Err(Rejection::bad_request("checklist_item.answer_kind", message).into());
        }
        let item = ChecklistTemplateItem {
            id: self.item_id,
            rev: UNSAVED,
            template_id: self.template_id,
            position: checked_position(self.position)?,
            prompt: text::required("checklist_item.prompt", "the question", &self.prompt, limits::TITLE_CHARS)?,
            answer_kind: self.answer_kind.clone(),
            required: self.required,
            shown_after_id: self.shown_after_id,
            shown_when: shown_when(self.shown_when.as_deref())?,
        };
        work.require(self.template_id)?;
        let present: Vec<ChecklistTemplateItem> =
            work.find(ChecklistTemplateItem::BY_TEMPLATE, vec![self.template_id.into()])?;
        if present.len() >= TEMPLATE_ITEMS {
            let message = format!("A checklist can have at most {TEMPLATE_ITEMS} questions.");
            return Err(Rejection::conflict("checklist_item.too_many", message).into());
        }
        require_condition(&item, &present)?;
        work.insert(&item)?;
        Ok(TemplateItemSaved { item_id: item.id })
    }
}

impl Mutation for UpdateTemplateItem {
    const NAME: &'static str = "checklistTemplate/v1/updateItem";
    const SUMMARY: &'static str = "Changes a question of a checklist.";
    type Output = TemplateItemSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.template_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<TemplateItemSaved, Stop> {
        let before: ChecklistTemplateItem = work.require(self.item_id)?;
        if before.template_id != self.template_id {
            let message = "This question belongs to another checklist.";
            return Err(Rejection::bad_request("checklist_item.other_template", message).into());
        }
        let mut row = before.clone();
        let mut changes = Changes::of("checklist_item");
        changes.value(&mut row.position, self.position.map(checked_position).transpose()?);
        changes.required(&mut row.prompt, self.prompt.as_deref(), ("prompt", "the question"), limits::TITLE_CHARS)?;
        changes.value(&mut row.required, self.required);
        if self.always_shown {
            changes.value(&mut row.shown_after_id, Some(None));
            changes.value(&mut row.shown_when, Some(None));
        }
        changes.value(&mut row.shown_after_id, self.shown_after_id.map(Some));
        changes.value(&mut row.shown_when, shown_when(self.shown_when.as_deref())?.map(Some));
        let present = work.find(ChecklistTemplateItem::BY_TEMPLATE, vec![self.template_id.into()])?;
        require_condition(&row, &present)?;
        changes.save(work, &before, &row)?;
        Ok(TemplateItemSaved { item_id: row.id })
    }
}

/// Places in a list.
const POSITIONS: std::ops::RangeInclusive<i32> = 1..=10_000;

fn checked_position(position: i32) -> Result<i32, Rejection> {
    if POSITIONS.contains(&position) {
        return Ok(position);
    }
    Err(Rejection::bad_request("checklist_item.position", "Please give a place in the list from 1 to 10,000."))
}

fn shown_when(given: Option<&str>) -> Result<Option<String>, Rejection> {
    text::optional("checklist_item.shown_when", "the answer that shows it", given, limits::ANSWER_CHARS)
}

/// A condition is whole, on a question of the same list, and never comes back to itself.
fn require_condition(item: &ChecklistTemplateItem, present: &[ChecklistTemplateItem]) -> Result<(), Rejection> {
    let refuse = |message: &str| Err(Rejection::bad_request("checklist_item.condition", message));
    if item.shown_after_id.is_some() != item.shown_when.is_some() {
        return refuse("Please give both the question this one depends on and the answer that shows it.");
    }
    let mut after: HashMap<_, _> = present.iter().map(|other| (other.id, other.shown_after_id)).collect();
    after.insert(item.id, item.shown_after_id);
    let mut next = item.shown_after_id;
    for _ in 0..after.len() {
        let Some(id) = next else { return Ok(()) };
        let Some(further) = after.get(&id) else {
            return refuse("The question this one depends on is not on this checklist.");
        };
        next = *further;
    }
    match next {
        None => Ok(()),
        Some(_) => refuse("Questions cannot depend on each other in a circle."),
    }
}
