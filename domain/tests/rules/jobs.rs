//! Jobs: written, changed, called off.

use satchel_domain::{mutations::*, tables::*};

use crate::support::*;

fn update() -> UpdateJob {
    UpdateJob { job_id: JOB, title: None, description: None, priority: None, number: None, equipment_id: None }
}

fn cancel() -> CancelJob {
    CancelJob { job_id: JOB, reason: " Customer fixed it. ".into() }
}

#[test]
fn a_job_is_written_with_its_first_visit() {
    let mut world = World::new();
    let mut first = planned(VISIT, 0, 120);
    first.template_ids = vec![TEMPLATE];
    let create = CreateJob {
        equipment_id: Some(FURNACE),
        number: Some(" J-7 ".into()),
        title: "  Furnace is cold ".into(),
        first_visit: Some(first),
        ..create_job(JOB)
    };
    assert_eq!(world.run(&dispatcher(), &create).unwrap().state, JobState::Scheduled);
    let job = world.get(JOB);
    assert_eq!((job.title.as_str(), job.number.as_deref()), ("Furnace is cold", Some("J-7")));
    assert_eq!((job.state, job.priority), (JobState::Scheduled, JobPriority::Normal));
    let visit = world.get(VISIT);
    assert_eq!((visit.state, visit.zone.as_str()), (VisitState::Scheduled, "America/New_York"));
    assert_eq!(world.all::<Checklist>().len(), 1);
    assert_eq!(world.all::<ChecklistAnswer>().len(), 3);
}

#[test]
fn a_job_must_make_sense() {
    let mut world = World::new();
    let job = || create_job(JOB);
    let mut early = planned(VISIT, 0, 120);
    early.window_end = early.window_start;
    let mut twice = planned(VISIT, 0, 120);
    twice.template_ids = vec![TEMPLATE, TEMPLATE];
    let mut old = planned(VISIT, 0, 120);
    old.template_ids = vec![OLD_TEMPLATE];
    let cases = [
        (CreateJob { title: " ".into(), ..job() }, "job.title_empty"),
        (CreateJob { title: "x".repeat(201), ..job() }, "job.title_too_long"),
        (CreateJob { title: "a\0b".into(), ..job() }, "job.title_nul"),
        (CreateJob { number: Some("9".repeat(65)), ..job() }, "job.number_too_long"),
        (CreateJob { description: "x".repeat(20_001), ..job() }, "job.description_too_long"),
        (CreateJob { priority: Some("soonish".into()), ..job() }, "job.priority"),
        (CreateJob { branch_id: id(404), ..job() }, "branch.not_found"),
        (CreateJob { customer_id: id(404), ..job() }, "customer.not_found"),
        (CreateJob { location_id: id(404), ..job() }, "location.not_found"),
        (CreateJob { location_id: OTHER_HOUSE, ..job() }, "job.location_of_other_customer"),
        (CreateJob { equipment_id: Some(OTHER_FURNACE), ..job() }, "job.equipment_elsewhere"),
        (CreateJob { first_visit: Some(early), ..job() }, "visit.window_order"),
        (CreateJob { first_visit: Some(twice), ..job() }, "checklist.exists"),
        (CreateJob { first_visit: Some(old), ..job() }, "checklist.inactive"),
    ];
    for (create, reason) in cases {
        assert_eq!(world.refusal(&dispatcher(), &create), reason);
    }
    world.run(&dispatcher(), &job()).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &job()), "job.exists");
}

#[test]
fn only_the_fields_named_are_changed() {
    let mut world = World::with_visit();
    let priority = Some(JobPriority::Emergency);
    world.run(&dispatcher(), &UpdateJob { priority, ..update() }).unwrap();
    world.run(&dispatcher(), &UpdateJob { number: Some("J-8".into()), ..update() }).unwrap();
    world.run(&dispatcher(), &UpdateJob { equipment_id: Some(FURNACE), ..update() }).unwrap();
    let job = world.get(JOB);
    assert_eq!((job.title.as_str(), job.number.as_deref()), ("Furnace is cold", Some("J-8")));
    assert_eq!((job.priority, job.equipment_id), (JobPriority::Emergency, Some(FURNACE)));
    world.run(&dispatcher(), &UpdateJob { number: Some(String::new()), ..update() }).unwrap();
    assert_eq!(world.get(JOB).number, None);
    assert_eq!(world.refusal(&dispatcher(), &update()), "job.nothing_to_change");
    let title = Some(String::new());
    assert_eq!(world.refusal(&dispatcher(), &UpdateJob { title, ..update() }), "job.title_empty");
    let missing = UpdateJob { job_id: id(404), ..update() };
    assert_eq!(world.refusal(&dispatcher(), &missing), "job.not_found");
}

#[test]
fn canceling_a_job_cancels_its_open_visits_and_frees_the_technicians() {
    let mut world = World::at_work();
    let canceled = world.run(&dispatcher(), &cancel()).unwrap();
    assert_eq!(canceled.visits_canceled, 1);
    let job = world.get(JOB);
    assert_eq!((job.state, job.cancel_reason.as_deref()), (JobState::Canceled, Some("Customer fixed it.")));
    let visit = world.get(VISIT);
    assert_eq!((visit.state, visit.outcome.as_deref()), (VisitState::Canceled, Some("Customer fixed it.")));
    assert!(world.all::<Assignment>().iter().all(|assignment| !assignment.open));
    let last = world.all::<VisitStatusEvent>().into_iter().find(|event| event.to_state == VisitState::Canceled);
    assert_eq!(last.unwrap().from_state, VisitState::OnSite);

    assert_eq!(world.refusal(&dispatcher(), &cancel()), "job.closed");
    let title = Some("Again".into());
    assert_eq!(world.refusal(&dispatcher(), &UpdateJob { title, ..update() }), "job.closed");
    let another = CreateVisit { job_id: JOB, planned: planned(id(9), 0, 60) };
    assert_eq!(world.refusal(&dispatcher(), &another), "job.closed");
}

#[test]
fn a_late_completion_of_a_canceled_job_is_refused_clearly() {
    let mut world = World::at_work();
    world.run(&dispatcher(), &cancel()).unwrap();
    let late = world.run(&technician(ALICE), &complete()).unwrap_err();
    assert_eq!(late.reason, "visit.closed");
    assert!(late.message.contains("canceled") && late.message.contains("tell the office"), "{}", late.message);
}

#[test]
fn a_completed_job_stays_completed_until_another_visit_is_planned() {
    let mut world = World::at_work();
    assert_eq!(world.run(&technician(ALICE), &complete()).unwrap().job_state, JobState::Completed);
    assert_eq!(world.refusal(&dispatcher(), &cancel()), "job.closed");
    let another = CreateVisit { job_id: JOB, planned: planned(id(0x6000), 300, 360) };
    assert_eq!(world.run(&dispatcher(), &another).unwrap().job_state, JobState::Scheduled);
    assert_eq!(world.get(VISIT).state, VisitState::Completed);
}

#[test]
fn a_draft_stays_one_until_a_visit_is_planned() {
    let mut world = World::new();
    world.run(&dispatcher(), &CreateJob { draft: true, ..create_job(JOB) }).unwrap();
    assert_eq!(world.get(JOB).state, JobState::Draft);
    world.run(&dispatcher(), &CreateVisit { job_id: JOB, planned: planned(VISIT, 0, 60) }).unwrap();
    assert_eq!(world.get(JOB).state, JobState::Scheduled);
}

fn status(status: JobState) -> UpdateJobStatus {
    UpdateJobStatus { job_id: JOB, status }
}

#[test]
fn the_office_closes_what_is_done_and_reopens_it() {
    let mut world = World::at_work();
    assert_eq!(world.refusal(&dispatcher(), &status(JobState::Closed)), "job.state");
    world.run(&technician(ALICE), &complete()).unwrap();
    assert_eq!(world.run(&dispatcher(), &status(JobState::Closed)).unwrap().state, JobState::Closed);
    assert_eq!(world.refusal(&dispatcher(), &status(JobState::Closed)), "job.state");
    assert_eq!(world.refusal(&dispatcher(), &cancel()), "job.closed");
    // Whichever is asked for, its visits decide.
    let reopened = world.run(&dispatcher(), &status(JobState::Unscheduled)).unwrap();
    assert_eq!((reopened.state, world.get(JOB).state), (JobState::Completed, JobState::Completed));
}

#[test]
fn a_job_with_work_left_can_be_settled_too() {
    let mut world = World::at_work();
    let cannot = CannotCompleteVisit { job_id: JOB, visit_id: VISIT, reason: "Locked".into() };
    world.run(&technician(ALICE), &cannot).unwrap();
    world.run(&dispatcher(), &status(JobState::Closed)).unwrap();
    let reopened = world.run(&dispatcher(), &status(JobState::Completed)).unwrap();
    assert_eq!(reopened.state, JobState::Unscheduled);
}

#[test]
fn a_draft_is_released() {
    let mut world = World::new();
    world.run(&dispatcher(), &CreateJob { draft: true, ..create_job(JOB) }).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &status(JobState::Closed)), "job.state");
    assert_eq!(world.run(&dispatcher(), &status(JobState::Unscheduled)).unwrap().state, JobState::Unscheduled);
    for follows in [JobState::Draft, JobState::Scheduled, JobState::InProgress, JobState::Canceled, "lost".into()] {
        assert_eq!(world.refusal(&dispatcher(), &status(follows)), "job.status");
    }
    let missing = UpdateJobStatus { job_id: id(404), ..status(JobState::Closed) };
    assert_eq!(world.refusal(&dispatcher(), &missing), "job.not_found");
}
