//! The checklists of a visit.

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
        let items: Vec<ChecklistTemplateItem> =
            reader.find(ChecklistTemplateItem::BY_TEMPLATE, &[checklist.template_id.into()])?;
        let answers: Vec<ChecklistAnswer> = reader.find(ChecklistAnswer::BY_CHECKLIST, &[checklist.id.into()])?;
        answered.blocking += checklists::open_required(&items, &answers);
        for (item, answer) in checklists::asked(&items, &answers) {
            answered.asked += 1;
            answered.done += usize::from(answer.state != AnswerState::Open);
            questions.push(Question { list: list.clone(), item: item.clone(), answer: answer.clone() });
        }
    }
    Ok((questions, answered))
}
