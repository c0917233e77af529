//! Checklists, and what they block.

use satchel_domain::{mutations::*, rules::checklists, tables::*};
use satchel_protocol::Id;

use crate::support::*;

/// Alice is at work with a checklist.
fn world() -> World {
    let mut world = World::at_work();
    world.run(&technician(ALICE), &attach()).unwrap();
    world
}

fn attach() -> AttachChecklist {
    AttachChecklist { job_id: JOB, visit_id: VISIT, checklist_id: id(0xc4ec), template_id: TEMPLATE }
}

fn row(world: &World, item: Id<ChecklistTemplateItem>) -> ChecklistAnswer {
    world.all::<ChecklistAnswer>().into_iter().find(|answer| answer.item_id == item).unwrap()
}

fn answer(world: &World, item: Id<ChecklistTemplateItem>, value: &str) -> AnswerItem {
    AnswerItem { job_id: JOB, visit_id: VISIT, answer_id: row(world, item).id, value: value.into() }
}

fn tap(world: &mut World, item: Id<ChecklistTemplateItem>, value: &str) {
    let answer = answer(world, item, value);
    world.run(&technician(ALICE), &answer).unwrap();
}

#[test]
fn required_items_block_completion() {
    let mut world = world();
    let blocked = world.run(&technician(ALICE), &complete()).unwrap_err();
    assert_eq!(blocked.reason, "visit.items_open");
    assert!(blocked.message.starts_with("1 required checklist item is"), "{}", blocked.message);
    tap(&mut world, GAS_OFF, "yes");
    world.run(&technician(ALICE), &complete()).expect("hidden and voluntary items do not count");
}

#[test]
fn an_item_counts_once_its_condition_shows_it() {
    let mut world = world();
    tap(&mut world, GAS_OFF, "no");
    assert_eq!(world.refusal(&technician(ALICE), &complete()), "visit.items_open");
    tap(&mut world, PRESSURE, " 21.50 ");
    assert_eq!(row(&world, PRESSURE).value.as_deref(), Some("21.5"));
    world.run(&technician(ALICE), &complete()).unwrap();
}

#[test]
fn what_is_asked_follows_the_answers_in_the_template_s_order() {
    let mut world = world();
    let asked = |world: &World| {
        let (mut items, answers) = (world.all::<ChecklistTemplateItem>(), world.all::<ChecklistAnswer>());
        items.reverse();
        let asked = checklists::asked(&items, &answers);
        assert!(asked.iter().all(|(item, answer)| answer.item_id == item.id));
        assert!(asked.is_sorted_by_key(|(item, _)| item.position));
        asked.into_iter().map(|(item, _)| item.id).collect::<Vec<_>>()
    };
    let before = asked(&world);
    assert!(before.contains(&GAS_OFF) && !before.contains(&PRESSURE));
    tap(&mut world, GAS_OFF, "no");
    let after = asked(&world);
    assert!(after.contains(&PRESSURE));
    tap(&mut world, GAS_OFF, "yes");
    assert_eq!(asked(&world), before);
}

#[test]
fn other_endings_need_no_answers() {
    let mut world = world();
    let partly = CompleteVisitPartially { job_id: JOB, visit_id: VISIT, outcome: None };
    world.run(&technician(ALICE), &partly).unwrap();
}

#[test]
fn what_does_not_apply_is_dealt_with_and_can_be_taken_back() {
    let mut world = world();
    let answer_id = row(&world, GAS_OFF).id;
    let alice = technician(ALICE);
    world.minutes = 40;
    world.run(&alice, &MarkNotApplicable { job_id: JOB, visit_id: VISIT, answer_id }).unwrap();
    let dealt_with = world.get(answer_id);
    assert_eq!((dealt_with.state, dealt_with.answered_at), (AnswerState::NotApplicable, Some(at(40))));
    world.run(&alice, &ClearAnswer { job_id: JOB, visit_id: VISIT, answer_id }).unwrap();
    let open = world.get(answer_id);
    assert_eq!((open.state, open.value, open.answered_at, open.answered_by), (AnswerState::Open, None, None, None));
    assert_eq!(world.refusal(&alice, &complete()), "visit.items_open");
}

#[test]
fn answers_fit_their_items() {
    let mut world = world();
    let maybe = answer(&world, GAS_OFF, "maybe");
    assert_eq!(world.refusal(&technician(ALICE), &maybe), "checklist.answer_kind");
    let long = answer(&world, REMARK, &"x".repeat(4_001));
    assert_eq!(world.refusal(&technician(ALICE), &long), "checklist.answer_too_long");
    let yes = answer(&world, GAS_OFF, "yes");
    assert_eq!(world.refusal(&technician(BOB), &yes), "visit.not_assigned");
    let missing = AnswerItem { answer_id: id(404), ..yes };
    assert_eq!(world.refusal(&technician(ALICE), &missing), "checklist_answer.not_found");
}

#[test]
fn an_answer_is_named_with_its_own_visit() {
    let mut world = world();
    let other = planned(id(0x5152), 300, 360);
    world.run(&dispatcher(), &CreateVisit { job_id: JOB, planned: other }).unwrap();
    let wrong = AnswerItem { visit_id: id(0x5152), ..answer(&world, GAS_OFF, "yes") };
    assert_eq!(world.refusal(&dispatcher(), &wrong), "checklist.other_visit");
}

#[test]
fn an_ended_visit_takes_no_more_answers_or_checklists() {
    let mut world = world();
    tap(&mut world, GAS_OFF, "yes");
    world.run(&technician(ALICE), &complete()).unwrap();
    let late = answer(&world, GAS_OFF, "no");
    assert_eq!(world.refusal(&technician(ALICE), &late), "visit.closed");
    assert_eq!(world.refusal(&technician(ALICE), &attach()), "visit.closed");
}

#[test]
fn a_visit_gets_a_checklist_once() {
    let mut world = world();
    let again = AttachChecklist { checklist_id: id(0xc4ed), ..attach() };
    assert_eq!(world.refusal(&technician(ALICE), &again), "checklist.exists");
    let old = AttachChecklist { template_id: OLD_TEMPLATE, ..again.clone() };
    assert_eq!(world.refusal(&technician(ALICE), &old), "checklist.inactive");
    assert_eq!(world.refusal(&technician(BOB), &again), "visit.not_assigned");
}

#[test]
fn an_item_added_to_the_template_later_does_not_count() {
    let mut world = world();
    let later = ChecklistTemplateItem { id: id(0x1ff), ..world.get(GAS_OFF) };
    world.put(&later);
    tap(&mut world, GAS_OFF, "yes");
    world.run(&technician(ALICE), &complete()).unwrap();
}

#[test]
fn items_that_show_each_other_never_show() {
    let mut world = world();
    let circle = ChecklistTemplateItem { shown_after_id: Some(PRESSURE), ..world.get(GAS_OFF) };
    world.put(&circle);
    world.run(&technician(ALICE), &complete()).unwrap();
}
