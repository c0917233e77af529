//! Dealing with one item: `checklist/v1/answer`, `notApplicable`, `clear`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    rules::{
        clock, limits,
        scene::{self, Scene},
        text,
    },
    tables::{AnswerKind, AnswerState, Checklist, ChecklistAnswer, ChecklistTemplateItem, Job, Visit},
};

/// Answers an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerItem {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit the checklist is on.
    pub visit_id: Id<Visit>,
    /// The item's answer row.
    pub answer_id: Id<ChecklistAnswer>,
    /// The answer: `yes` or `no`, a decimal number, a text of at most 4,000 characters, or the id of a captured photo,
    /// as the item asks.
    #[schemars(length(max = limits::ANSWER_CHARS))]
    pub value: String,
}

/// Says that an item does not apply here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarkNotApplicable {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit the checklist is on.
    pub visit_id: Id<Visit>,
    /// The item's answer row.
    pub answer_id: Id<ChecklistAnswer>,
}

/// Takes an answer back; the item is open again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClearAnswer {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit the checklist is on.
    pub visit_id: Id<Visit>,
    /// The item's answer row.
    pub answer_id: Id<ChecklistAnswer>,
}

/// How the item stands.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AnswerSet {
    /// Whether it has been dealt with.
    pub state: AnswerState,
    /// The answer in its canonical spelling.
    pub value: Option<String>,
}

impl Mutation for AnswerItem {
    const NAME: &'static str = "checklist/v1/answer";
    const SUMMARY: &'static str = "Answers a checklist item.";
    type Output = AnswerSet;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.visit_id, self.answer_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<AnswerSet, Stop> {
        let answer = answer_of(ctx, work, self.job_id, self.visit_id, self.answer_id)?;
        let item: ChecklistTemplateItem = work.require(answer.item_id)?;
        let value = canonical(&item.answer_kind, &self.value)?;
        set(ctx, work, answer, AnswerState::Answered, Some(value))
    }
}

impl Mutation for MarkNotApplicable {
    const NAME: &'static str = "checklist/v1/notApplicable";
    const SUMMARY: &'static str = "Says that a checklist item does not apply.";
    type Output = AnswerSet;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.visit_id, self.answer_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<AnswerSet, Stop> {
        let answer = answer_of(ctx, work, self.job_id, self.visit_id, self.answer_id)?;
        set(ctx, work, answer, AnswerState::NotApplicable, None)
    }
}

impl Mutation for ClearAnswer {
    const NAME: &'static str = "checklist/v1/clear";
    const SUMMARY: &'static str = "Takes a checklist answer back.";
    type Output = AnswerSet;

    fn roots(&self) -> Vec<RowKey> {
        roots(self.job_id, self.visit_id, self.answer_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<AnswerSet, Stop> {
        let answer = answer_of(ctx, work, self.job_id, self.visit_id, self.answer_id)?;
        set(ctx, work, answer, AnswerState::Open, None)
    }
}

fn roots(job: Id<Job>, visit: Id<Visit>, answer: Id<ChecklistAnswer>) -> Vec<RowKey> {
    let mut roots = scene::roots(job, visit);
    roots.push(RowKey::of(answer));
    roots
}

/// The answer row, on an open visit the author may act on.
fn answer_of(
    ctx: &Ctx,
    work: &mut Workspace,
    job: Id<Job>,
    visit: Id<Visit>,
    answer: Id<ChecklistAnswer>,
) -> Result<ChecklistAnswer, Stop> {
    let scene = Scene::of(ctx, work, job, visit)?;
    scene.require_open("its checklists can no longer be changed")?;
    let answer: ChecklistAnswer = work.require(answer)?;
    let checklist: Checklist = work.require(answer.checklist_id)?;
    if checklist.visit_id != visit {
        return Err(Rejection::bad_request("checklist.other_visit", "This checklist belongs to another visit.").into());
    }
    Ok(answer)
}

fn set(
    ctx: &Ctx,
    work: &mut Workspace,
    mut answer: ChecklistAnswer,
    state: AnswerState,
    value: Option<String>,
) -> Result<AnswerSet, Stop> {
    let dealt_with = state != AnswerState::Open;
    answer.answered_at = if dealt_with { Some(clock::acted_at(ctx)) } else { None };
    answer.answered_by = dealt_with.then_some(ctx.user_id);
    answer.state = state.clone();
    answer.value.clone_from(&value);
    work.update(&answer)?;
    Ok(AnswerSet { state, value })
}

/// The one spelling of an answer; refuses with `checklist.answer_kind` what the item does not take.
fn canonical(kind: &AnswerKind, value: &str) -> Result<String, Rejection> {
    let value = text::required("checklist.answer", "an answer", value, limits::ANSWER_CHARS)?;
    let (fits, expected) = match kind {
        AnswerKind::YesNo => (matches!(value.as_str(), "yes" | "no").then_some(value), "yes or no"),
        AnswerKind::Number => (value.parse::<Decimal>().ok().map(|number| number.normalize().to_string()), "a number"),
        AnswerKind::Photo => (value.parse::<Uuid>().ok().map(|id| id.to_string()), "a photo"),
        // A kind from a newer server: kept as typed, judged there.
        AnswerKind::Text | AnswerKind::Unknown(_) => (Some(value), "a text"),
    };
    fits.ok_or_else(|| {
        Rejection::bad_request("checklist.answer_kind", format!("This item asks for {expected}. Please answer it so."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_one_spelling() {
        let spell = |kind: &AnswerKind, value| canonical(kind, value).map_err(|rejection| rejection.reason);
        assert_eq!(spell(&AnswerKind::Number, " 1.50 ").unwrap(), "1.5");
        assert_eq!(spell(&AnswerKind::YesNo, "yes").unwrap(), "yes");
        assert_eq!(spell(&AnswerKind::YesNo, "maybe").unwrap_err(), "checklist.answer_kind");
        assert_eq!(spell(&AnswerKind::Number, "many").unwrap_err(), "checklist.answer_kind");
        assert_eq!(spell(&AnswerKind::Photo, "blurred").unwrap_err(), "checklist.answer_kind");
        assert_eq!(spell(&AnswerKind::Text, "  ").unwrap_err(), "checklist.answer_empty");
    }
}
