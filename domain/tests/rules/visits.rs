//! A visit's way.

use satchel_domain::{mutations::*, tables::*};

use crate::support::*;

macro_rules! step {
    ($name:ident) => {
        $name { job_id: JOB, visit_id: VISIT, reason: None }
    };
}

#[test]
fn a_whole_visit_leaves_its_track() {
    let mut world = World::dispatched();
    let alice = technician(ALICE);
    world.minutes = 5;
    world.run(&alice, &step!(AcceptVisit)).unwrap();
    world.minutes = 10;
    assert_eq!(world.run(&alice, &step!(TravelToVisit)).unwrap().job_state, JobState::InProgress);
    world.minutes = 30;
    world.run(&alice, &step!(ArriveAtVisit)).unwrap();
    let reason = Some("Lunch".to_owned());
    world.run(&alice, &PauseVisit { job_id: JOB, visit_id: VISIT, reason }).unwrap();
    world.run(&alice, &step!(ResumeVisit)).unwrap();
    world.minutes = 90;
    let outcome = Some("New igniter".to_owned());
    let moved = world.run(&alice, &CompleteVisit { outcome, ..complete() }).unwrap();
    assert_eq!((moved.state, moved.job_state), (VisitState::Completed, JobState::Completed));

    let visit = world.get(VISIT);
    assert_eq!((visit.arrived_at, visit.ended_at), (Some(at(30)), Some(at(90))));
    assert_eq!(visit.outcome.as_deref(), Some("New igniter"));
    assert!(world.all::<Assignment>().iter().all(|assignment| !assignment.open));
    let mut events = world.all::<VisitStatusEvent>();
    events.sort_by_key(|event| event.id);
    let states: Vec<_> = events.iter().map(|event| event.to_state.as_str()).collect();
    assert_eq!(states, ["dispatched", "accepted", "traveling", "on_site", "paused", "on_site", "completed"]);
    assert_eq!(events[4].reason.as_deref(), Some("Lunch"));
}

#[test]
fn only_assigned_technicians_act() {
    let mut world = World::dispatched();
    assert_eq!(world.refusal(&technician(BOB), &step!(AcceptVisit)), "visit.not_assigned");
    world.run(&dispatcher(), &step!(AcceptVisit)).expect("the office may act for the technician");
}

#[test]
fn nobody_goes_without_an_assignment() {
    let mut world = World::with_visit();
    assert_eq!(world.refusal(&dispatcher(), &DispatchVisit { job_id: JOB, visit_id: VISIT }), "visit.unassigned");
    let visit = Visit { state: VisitState::Accepted, ..world.get(VISIT) };
    world.put(&visit);
    assert_eq!(world.refusal(&dispatcher(), &step!(TravelToVisit)), "visit.unassigned");
    world.put(&Visit { state: VisitState::Traveling, ..visit });
    assert_eq!(world.refusal(&dispatcher(), &step!(ArriveAtVisit)), "visit.unassigned");
}

#[test]
fn a_declined_visit_is_planned_again() {
    let mut world = World::dispatched();
    let moved = world.run(&technician(ALICE), &step!(DeclineVisit)).unwrap();
    assert_eq!((moved.state, moved.job_state), (VisitState::Scheduled, JobState::Scheduled));
    assert!(world.all::<Assignment>()[0].open);
}

#[test]
fn work_that_could_not_be_done_needs_a_reason_and_another_visit() {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    let cannot = |reason: &str| CannotCompleteVisit { job_id: JOB, visit_id: VISIT, reason: reason.into() };
    assert_eq!(world.refusal(&alice, &cannot("  ")), "visit.reason_empty");
    assert_eq!(world.refusal(&alice, &cannot(&"x".repeat(2_001))), "visit.reason_too_long");
    let moved = world.run(&alice, &cannot("Locked")).unwrap();
    assert_eq!((moved.state, moved.job_state), (VisitState::CannotComplete, JobState::Unscheduled));

    let mut world = World::at_work();
    let partly = CompleteVisitPartially { job_id: JOB, visit_id: VISIT, outcome: Some("Part on order".into()) };
    assert_eq!(world.run(&alice, &partly).unwrap().job_state, JobState::Unscheduled);
    assert_eq!(world.refusal(&alice, &complete()), "visit.closed");
}

#[test]
fn a_canceled_visit_ends_nothing_but_itself() {
    let mut world = World::at_work();
    let cancel = CancelVisit { job_id: JOB, visit_id: VISIT, reason: "Rain".into() };
    let moved = world.run(&dispatcher(), &cancel).unwrap();
    assert_eq!((moved.state, moved.job_state), (VisitState::Canceled, JobState::Unscheduled));
    let late = world.run(&technician(ALICE), &complete()).unwrap_err();
    assert_eq!(late.reason, "visit.closed");
    assert!(late.message.contains("was canceled"), "{}", late.message);
}

#[test]
fn a_closed_job_moves_no_visit() {
    let mut world = World::at_work();
    let job = world.get(JOB);
    world.put(&Job { state: JobState::Closed, ..job });
    assert_eq!(world.refusal(&technician(ALICE), &complete()), "visit.closed");
    assert_eq!(world.refusal(&technician(ALICE), &step!(PauseVisit)), "visit.closed");
}

#[test]
fn a_visit_is_named_with_its_own_job() {
    let mut world = World::at_work();
    world.run(&dispatcher(), &create_job(id(0x20b))).unwrap();
    let pause = PauseVisit { job_id: id(0x20b), visit_id: VISIT, reason: None };
    assert_eq!(world.refusal(&technician(ALICE), &pause), "visit.other_job");
    let missing = PauseVisit { job_id: JOB, visit_id: id(404), reason: None };
    assert_eq!(world.refusal(&technician(ALICE), &missing), "visit.not_found");
}

#[test]
fn a_clock_decades_off_is_taken_for_the_nearest_that_can_be() {
    let mut world = World::at_work();
    world.minutes = -60 * 24 * 365 * 60;
    world.run(&technician(ALICE), &complete()).unwrap();
    let visit: Visit = world.get(VISIT);
    assert_eq!(visit.ended_at, Some("2000-01-01T00:00:00Z".parse().unwrap()));
    assert_eq!(world.flags, ["visit.before_last_move"]);
}

#[test]
fn a_move_long_before_the_last_one_is_accepted_and_flagged() {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    let pause = PauseVisit { job_id: JOB, visit_id: VISIT, reason: None };
    let resume = ResumeVisit { job_id: JOB, visit_id: VISIT, reason: None };
    let arrived = world.minutes;
    world.minutes = arrived - 5;
    world.run(&alice, &pause).unwrap();
    assert!(world.flags.is_empty(), "two phones at one visit");
    world.minutes = arrived - 6;
    world.run(&alice, &resume).unwrap();
    assert_eq!(world.flags, ["visit.before_last_move"]);
}
