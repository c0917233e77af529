//! Checklists: attaching them, which items are shown, and whether anything required is open.

use std::collections::{HashMap, HashSet};

use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace, record::UNSAVED};

use super::limits::CHECKLISTS_PER_VISIT;
use crate::tables::{AnswerState, Checklist, ChecklistAnswer, ChecklistTemplate, ChecklistTemplateItem, Visit};

/// Puts a template's checklist on a visit, with an open answer for every item.
pub fn attach(
    ctx: &Ctx,
    work: &mut Workspace,
    visit: &Visit,
    template: Id<ChecklistTemplate>,
    id: Id<Checklist>,
) -> Result<usize, Stop> {
    let template = work.require(template)?;
    if !template.active {
        let message = "This checklist is no longer in use. Please choose another.";
        return Err(Rejection::conflict("checklist.inactive", message).into());
    }
    let present: Vec<Checklist> = work.find(Checklist::BY_VISIT, vec![visit.id.into()])?;
    if present.iter().any(|checklist| checklist.template_id == template.id) {
        return Err(Rejection::conflict("checklist.exists", "This visit already has this checklist.").into());
    }
    if present.len() >= CHECKLISTS_PER_VISIT {
        let message = format!("A visit can have at most {CHECKLISTS_PER_VISIT} checklists.");
        return Err(Rejection::conflict("checklist.too_many", message).into());
    }
    let (job_id, branch_id) = (visit.job_id, visit.branch_id);
    work.insert(&Checklist { id, rev: UNSAVED, job_id, branch_id, visit_id: visit.id, template_id: template.id })?;
    let items: Vec<ChecklistTemplateItem> = work.find(ChecklistTemplateItem::BY_TEMPLATE, vec![template.id.into()])?;
    for item in &items {
        work.insert(&ChecklistAnswer {
            id: ctx.derive_id(&format!("checklist_answer/{id}/{}", item.id)),
            rev: UNSAVED,
            job_id,
            branch_id,
            checklist_id: id,
            item_id: item.id,
            state: AnswerState::Open,
            value: None,
            answered_at: None,
            answered_by: None,
        })?;
    }
    Ok(items.len())
}

/// Attaches several templates to a visit that is being made; ids are derived.
pub fn attach_all(
    ctx: &Ctx,
    work: &mut Workspace,
    visit: &Visit,
    templates: &[Id<ChecklistTemplate>],
) -> Result<(), Stop> {
    for template in templates {
        attach(ctx, work, visit, *template, ctx.derive_id(&format!("checklist/{}/{template}", visit.id)))?;
    }
    Ok(())
}

/// Refuses with `visit.items_open`, telling how many, while required items that are shown are open on the visit.
pub fn require_complete(work: &mut Workspace, visit: Id<Visit>) -> Result<(), Stop> {
    let checklists: Vec<Checklist> = work.find(Checklist::BY_VISIT, vec![visit.into()])?;
    let mut open = 0;
    for checklist in checklists {
        open += open_in(work, &checklist)?;
    }
    let (count, pronoun) = match open {
        0 => return Ok(()),
        1 => ("1 required checklist item is".to_owned(), "it"),
        open => (format!("{open} required checklist items are"), "them"),
    };
    let message = format!("{count} still open. Please answer {pronoun}, or mark what does not apply here.");
    Err(Rejection::conflict("visit.items_open", message).into())
}

/// How many required, shown items of this checklist are open.
pub fn open_in(work: &mut Workspace, checklist: &Checklist) -> Result<usize, Stop> {
    let answers = work.find(ChecklistAnswer::BY_CHECKLIST, vec![checklist.id.into()])?;
    let items = work.find(ChecklistTemplateItem::BY_TEMPLATE, vec![checklist.template_id.into()])?;
    Ok(open_required(&items, &answers))
}

/// How many required, shown items of a checklist are open. An item without an answer row came after the checklist and
/// does not count.
pub fn open_required(items: &[ChecklistTemplateItem], answers: &[ChecklistAnswer]) -> usize {
    let shown = shown(items, answers);
    let open = answers.iter().filter(|answer| answer.state == AnswerState::Open && shown.contains(&answer.item_id));
    let required: HashSet<_> = items.iter().filter(|item| item.required).map(|item| item.id).collect();
    open.filter(|answer| required.contains(&answer.item_id)).count()
}

/// What a technician is asked now, in the template's order: the shown items with their answers.
pub fn asked<'a>(
    items: &'a [ChecklistTemplateItem],
    answers: &'a [ChecklistAnswer],
) -> Vec<(&'a ChecklistTemplateItem, &'a ChecklistAnswer)> {
    let shown = shown(items, answers);
    let answers: HashMap<_, _> = answers.iter().map(|answer| (answer.item_id, answer)).collect();
    let mut shown: Vec<_> = items.iter().filter(|item| shown.contains(&item.id)).collect();
    shown.sort_by_key(|item| item.position);
    shown.into_iter().filter_map(|item| Some((item, *answers.get(&item.id)?))).collect()
}

/// The items a technician is asked: those without a condition, and those whose condition holds.
///
/// A condition holds while the item it names is itself shown and answered with `shown_when`, or with anything if that
/// is empty. A condition on an item that does not exist, or that depends on itself, never holds.
pub fn shown(items: &[ChecklistTemplateItem], answers: &[ChecklistAnswer]) -> HashSet<Id<ChecklistTemplateItem>> {
    let answers: HashMap<_, _> = answers.iter().map(|answer| (answer.item_id, answer)).collect();
    let holds = |item: &ChecklistTemplateItem, shown: &HashSet<_>| match item.shown_after_id {
        None => true,
        Some(other) if shown.contains(&other) => answers.get(&other).is_some_and(|answer| {
            answer.state == AnswerState::Answered && (item.shown_when.is_none() || item.shown_when == answer.value)
        }),
        Some(_) => false,
    };
    let mut shown = HashSet::new();
    // Each pass shows at least one item more, or is the last.
    loop {
        let more: Vec<_> =
            items.iter().filter(|item| !shown.contains(&item.id) && holds(item, &shown)).map(|item| item.id).collect();
        if more.is_empty() {
            return shown;
        }
        shown.extend(more);
    }
}
