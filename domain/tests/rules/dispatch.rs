//! The dispatcher's board.

use satchel_domain::{mutations::*, tables::*};

use crate::support::*;

const SECOND_JOB: satchel_protocol::Id<Job> = satchel_protocol::Id::new(uuid::Uuid::from_u128(0x20b));
const SECOND_VISIT: satchel_protocol::Id<Visit> = satchel_protocol::Id::new(uuid::Uuid::from_u128(0x5152));

fn unassign(technician_id: satchel_protocol::Id<Technician>) -> UnassignTech {
    UnassignTech { job_id: JOB, visit_id: VISIT, technician_id }
}

fn move_to(from_min: i64, until_min: i64) -> Reschedule {
    let (window_start, window_end) = (at(from_min), at(until_min));
    Reschedule { job_id: JOB, visit_id: VISIT, window_start, window_end, confirm_overlap: false, confirm: Vec::new() }
}

fn second(world: &mut World, from_min: i64, until_min: i64) -> AssignTech {
    let first_visit = Some(planned(SECOND_VISIT, from_min, until_min));
    world.run(&dispatcher(), &CreateJob { first_visit, ..create_job(SECOND_JOB) }).unwrap();
    AssignTech { job_id: SECOND_JOB, visit_id: SECOND_VISIT, ..assign(ALICE) }
}

#[test]
fn an_assignment_carries_the_window() {
    let mut world = World::with_visit();
    let assigned = world.run(&dispatcher(), &assign(ALICE)).unwrap();
    assert!(!assigned.overlaps);
    let assignment = world.get(assigned.assignment_id);
    assert_eq!((assignment.window_start, assignment.window_end), (at(0), at(120)));
    assert!(assignment.open && !assignment.overlap_confirmed);
    assert_eq!(world.refusal(&dispatcher(), &assign(ALICE)), "assignment.exists");
    assert_eq!(world.refusal(&dispatcher(), &assign(GONE)), "technician.inactive");
    assert_eq!(world.refusal(&dispatcher(), &assign(id(404))), "technician.not_found");
}

#[test]
fn double_booking_warns_and_can_be_confirmed() {
    let mut world = World::dispatched();
    let second = second(&mut world, 60, 180);
    assert_eq!(world.refusal(&dispatcher(), &second), "assignment.overlap");
    let assigned = world.run(&dispatcher(), &AssignTech { confirm_overlap: true, ..second }).unwrap();
    assert!(assigned.overlaps && world.get(assigned.assignment_id).overlap_confirmed);
}

#[test]
fn neither_touching_windows_nor_ended_visits_are_double_booking() {
    let mut world = World::dispatched();
    let touching = second(&mut world, 120, 180);
    world.run(&dispatcher(), &touching).unwrap();

    let mut world = World::at_work();
    world.run(&technician(ALICE), &complete()).unwrap();
    let same_time = second(&mut world, 0, 120);
    assert!(!world.run(&dispatcher(), &same_time).unwrap().overlaps);
}

#[test]
fn a_long_window_that_began_days_ago_counts() {
    let mut world = World::with_visit();
    world.run(&dispatcher(), &move_to(-13 * 24 * 60, 24 * 60)).unwrap();
    world.run(&dispatcher(), &assign(ALICE)).unwrap();
    let second = second(&mut world, 60, 120);
    assert_eq!(world.refusal(&dispatcher(), &second), "assignment.overlap");
}

#[test]
fn rescheduling_moves_the_assignments_along() {
    let mut world = World::dispatched();
    world.run(&dispatcher(), &move_to(600, 720)).unwrap();
    let (visit, assignment) = (world.get(VISIT), world.all::<Assignment>().remove(0));
    assert_eq!((visit.window_start, visit.window_end), (at(600), at(720)));
    assert_eq!((assignment.window_start, assignment.window_end), (at(600), at(720)));

    let second = second(&mut world, 0, 120);
    world.run(&dispatcher(), &second).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &move_to(60, 180)), "assignment.overlap");
    let confirmed = Reschedule { confirm_overlap: true, ..move_to(60, 180) };
    assert!(world.run(&dispatcher(), &confirmed).unwrap().overlaps);
    assert!(!world.run(&dispatcher(), &move_to(600, 720)).unwrap().overlaps);
    assert!(world.all::<Assignment>().iter().all(|assignment| !assignment.overlap_confirmed));

    assert_eq!(world.refusal(&dispatcher(), &move_to(60, 60)), "visit.window_order");
    assert_eq!(world.refusal(&dispatcher(), &move_to(0, 15 * 24 * 60)), "visit.window_length");
    assert_eq!(World::at_work().refusal(&dispatcher(), &move_to(600, 720)), "visit.under_way");
}

#[test]
fn the_last_one_off_sends_the_visit_back() {
    let mut world = World::dispatched();
    world.run(&dispatcher(), &assign(BOB)).unwrap();
    assert_eq!(world.run(&dispatcher(), &unassign(BOB)).unwrap().state, VisitState::Dispatched);
    assert_eq!(world.run(&dispatcher(), &unassign(ALICE)).unwrap().state, VisitState::Scheduled);
    assert!(world.all::<Assignment>().is_empty());
    assert_eq!(world.refusal(&dispatcher(), &unassign(ALICE)), "assignment.not_found");
}

#[test]
fn work_in_progress_is_never_left_alone() {
    let mut world = World::at_work();
    assert_eq!(world.refusal(&dispatcher(), &unassign(ALICE)), "assignment.last_on_site");
    world.run(&dispatcher(), &assign(BOB)).unwrap();
    assert_eq!(world.run(&dispatcher(), &unassign(ALICE)).unwrap().state, VisitState::OnSite);
    assert_eq!(world.refusal(&technician(ALICE), &complete()), "visit.not_assigned");
    world.run(&technician(BOB), &complete()).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &unassign(BOB)), "visit.closed");
    assert_eq!(world.refusal(&dispatcher(), &assign(ALICE)), "visit.closed");
}
