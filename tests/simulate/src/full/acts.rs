//! What people enter: chosen by luck among what their phone shows at that moment.

use anyhow::Context as _;
use satchel_domain::{
    mutations::{
        AcceptVisit, AddMaterial, AnswerItem, ArriveAtVisit, CompleteVisitPartially, CorrectMaterial, CreateNote,
        PauseVisit, ResumeVisit, StartTime, StopTime, TravelToVisit,
    },
    tables::{
        AnswerKind, Assignment, Checklist, ChecklistAnswer, ChecklistTemplateItem, MaterialUsed, Note, PricebookItem,
        PricebookKind, TimeEntry, TimeKind, Visit, VisitState,
    },
};
use satchel_protocol::{Id, Mutation};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{phone::Phone, plan::Entry, record::Effect};

/// One visit step in so many ends the visit.
const ENDS_ONE_IN: u32 = 4;

/// A command for a phone, and what shows that it took effect.
pub struct Act {
    /// The mutation's name.
    pub name: &'static str,
    /// What the phone is told.
    pub command: Value,
    /// What shows it.
    pub effect: Effect,
}

impl Act {
    fn of<M: Mutation>(mutation: &M, effect: Effect) -> anyhow::Result<Option<Self>> {
        let args = serde_json::to_value(mutation)?;
        let command = json!({ "do": "mutate", "name": M::NAME, "args": args });
        Ok(Some(Self { name: M::NAME, command, effect }))
    }
}

/// What a technician enters; none when there is nothing of that kind to enter. `mark` tells one text from another.
pub async fn choose(
    phone: &mut Phone,
    technician: Uuid,
    entry: Entry,
    luck: u32,
    mark: usize,
) -> anyhow::Result<Option<Act>> {
    if entry == Entry::Time {
        return time(phone, Id::new(technician)).await;
    }
    let mut own: Vec<Assignment> = phone.records().await?;
    own.retain(|assignment| assignment.technician_id.uuid() == technician && assignment.open);
    own.sort_by_key(|assignment| assignment.id);
    let Some(at) = pick(&own, luck) else { return Ok(None) };
    let (job_id, visit_id) = (at.job_id, at.visit_id);
    match entry {
        Entry::Visit => {
            let visits: Vec<Visit> = phone.records().await?;
            let visit = visits.into_iter().find(|visit| visit.id == visit_id).context("a visit is missing")?;
            let reason = None;
            match visit.state {
                VisitState::Dispatched => Act::of(&AcceptVisit { job_id, visit_id, reason }, Effect::None),
                VisitState::Accepted => Act::of(&TravelToVisit { job_id, visit_id, reason }, Effect::None),
                VisitState::Traveling => Act::of(&ArriveAtVisit { job_id, visit_id, reason }, Effect::None),
                VisitState::OnSite if luck.is_multiple_of(ENDS_ONE_IN) => {
                    let outcome = Some(format!("Half of it, {mark}."));
                    Act::of(&CompleteVisitPartially { job_id, visit_id, outcome }, Effect::None)
                }
                VisitState::OnSite => Act::of(&PauseVisit { job_id, visit_id, reason }, Effect::None),
                VisitState::Paused => Act::of(&ResumeVisit { job_id, visit_id, reason }, Effect::None),
                _ => Ok(None),
            }
        }
        Entry::Answer => {
            let lists: Vec<Checklist> = phone.records().await?;
            let items: Vec<ChecklistTemplateItem> = phone.records().await?;
            let mut answers: Vec<ChecklistAnswer> = phone.records().await?;
            answers
                .retain(|answer| lists.iter().any(|list| list.visit_id == visit_id && list.id == answer.checklist_id));
            answers.sort_by_key(|answer| answer.id);
            let Some(answer) = pick(&answers, luck) else { return Ok(None) };
            let kind = items.iter().find(|item| item.id == answer.item_id).map(|item| &item.answer_kind);
            let value = match kind {
                Some(AnswerKind::YesNo) => if luck.is_multiple_of(2) { "yes" } else { "no" }.to_owned(),
                Some(AnswerKind::Number) => format!("{mark}"),
                Some(AnswerKind::Photo) => Uuid::now_v7().to_string(),
                _ => format!("Looked at, {mark}."),
            };
            Act::of(&AnswerItem { job_id, visit_id, answer_id: answer.id, value }, Effect::None)
        }
        Entry::Material => {
            let mut items: Vec<PricebookItem> = phone.records().await?;
            items.retain(|item| item.active && item.kind == PricebookKind::Material);
            items.sort_by_key(|item| item.id);
            let Some(item) = pick(&items, luck) else { return Ok(None) };
            let material_id = Id::new(Uuid::now_v7());
            let add = AddMaterial { job_id, visit_id, material_id, item_id: item.id, quantity: (1 + luck % 5).into() };
            // It may be removed again by a correction, so that the line itself shows nothing.
            Act::of(&add, Effect::None)
        }
        Entry::Correction => {
            let mut lines: Vec<MaterialUsed> = phone.records().await?;
            lines.retain(|line| line.visit_id == visit_id);
            lines.sort_by_key(|line| line.id);
            let Some(line) = pick(&lines, luck) else { return Ok(None) };
            let quantity = (luck % 4).into();
            Act::of(&CorrectMaterial { job_id, visit_id, material_id: line.id, quantity }, Effect::None)
        }
        Entry::Note => {
            let note_id = Id::new(Uuid::now_v7());
            let title = format!("Of tap {mark}");
            Act::of(&CreateNote { job_id, note_id, title }, Effect::Row("note", note_id.uuid()))
        }
        Entry::Sentence => {
            let mut notes: Vec<Note> = phone.records().await?;
            notes.retain(|note| note.job_id == job_id);
            notes.sort_by_key(|note| note.id);
            let Some(note) = pick(&notes, luck) else { return Ok(None) };
            let sentence = format!("[tap {mark}]");
            let text = format!("{} {sentence}", note.text);
            let command = json!({ "do": "edit_note", "note_id": note.id, "text": text, "base": note.text });
            let effect = Effect::Mark(note.id.uuid(), sentence);
            Ok(Some(Act { name: satchel_domain::mutations::EditNote::NAME, command, effect }))
        }
        Entry::Time => Ok(None),
    }
}

/// Stops the time that runs, or starts some.
async fn time(phone: &mut Phone, technician_id: Id<satchel_domain::tables::Technician>) -> anyhow::Result<Option<Act>> {
    let entries: Vec<TimeEntry> = phone.records().await?;
    let running = entries.iter().find(|entry| entry.technician_id == technician_id && entry.ended_at.is_none());
    if let Some(entry) = running {
        return Act::of(&StopTime { entry_id: entry.id, technician_id, ended_at: None }, Effect::None);
    }
    let entry_id = Id::new(Uuid::now_v7());
    let start = StartTime { entry_id, technician_id, kind: TimeKind::Work, job_id: None, visit_id: None };
    Act::of(&start, Effect::Row("time_entry", entry_id.uuid()))
}

fn pick<T>(among: &[T], luck: u32) -> Option<&T> {
    among.get(luck as usize % among.len().max(1))
}
