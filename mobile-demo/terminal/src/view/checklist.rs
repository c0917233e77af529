//! The checklists of a visit.

use std::collections::HashMap;

use satchel_client::{Reader, StoreError};
use satchel_domain::{
    rules::checklists,
    tables::{AnswerState, Checklist, ChecklistAnswer, ChecklistTemplate, ChecklistTemplateItem, Visit},
};
use satchel_protocol::Id;
use uuid::Uuid;

use super::Place;
use crate::picker::Item;

/// A question that is asked, and its answer.
#[derive(Clone, Debug)]
pub struct Question {
    /// The checklist's name.
    pub list: String,
    /// The question.
    pub item: ChecklistTemplateItem,
    /// Its answer row.
    pub answer: ChecklistAnswer,
}

/// How far the checklists are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Questions asked.
    pub asked: usize,
    /// Of them dealt with.
    pub done: usize,
    /// Of them open and required: they block completion.
    pub blocking: usize,
}

/// All questions of a visit that are asked now, checklist by checklist in their order.
#[derive(Clone, Debug)]
pub struct ChecklistView {
    /// The visit.
    pub place: Place,
    /// The questions.
    pub questions: Vec<Question>,
    /// How far they are.
    pub answered: Answered,
}

impl Item for Question {
    fn key(&self) -> Uuid {
        self.answer.id.uuid()
    }
}

impl ChecklistView {
    /// Reads them; none once the visit has left this phone.
    pub fn load(reader: &Reader, visit: Id<Visit>) -> Result<Option<Self>, StoreError> {
        let Some(place) = Place::load(reader, visit)? else { return Ok(None) };
        let (questions, answered) = questions(reader, visit)?;
        Ok(Some(Self { place, questions, answered }))
    }
}

/// The questions asked on a visit, and how far they are.
pub(super) fn questions(reader: &Reader, visit: Id<Visit>) -> Result<(Vec<Question>, Answered), StoreError> {
    let mut questions = Vec::new();
    let mut answered = Answered::default();
    for checklist in reader.find::<Checklist>(Checklist::BY_VISIT, &[visit.into()])? {
        let template: Option<ChecklistTemplate> = reader.get(checklist.template_id)?;
        let list = template.map_or_else(|| "Checklist".to_owned(), |template| template.name);
        let mut items: Vec<ChecklistTemplateItem> =
            reader.find(ChecklistTemplateItem::BY_TEMPLATE, &[checklist.template_id.into()])?;
        let answers: Vec<ChecklistAnswer> = reader.find(ChecklistAnswer::BY_CHECKLIST, &[checklist.id.into()])?;
        answered.blocking += checklists::open_required(&items, &answers);
        let shown = checklists::shown(&items, &answers);
        let mut by_item: HashMap<_, _> = answers.into_iter().map(|answer| (answer.item_id, answer)).collect();
        items.retain(|item| shown.contains(&item.id));
        items.sort_by_key(|item| item.position);
        for item in items {
            if let Some(answer) = by_item.remove(&item.id) {
                answered.asked += 1;
                answered.done += usize::from(answer.state != AnswerState::Open);
                questions.push(Question { list: list.clone(), item, answer });
            }
        }
    }
    Ok((questions, answered))
}
