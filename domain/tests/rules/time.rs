//! Time tracking.

use satchel_domain::{mutations::*, tables::*};
use satchel_protocol::Id;

use crate::support::*;

fn start(entry: u128) -> StartTime {
    StartTime { entry_id: id(entry), technician_id: ALICE, kind: TimeKind::Work, job_id: None, visit_id: None }
}

fn stop(entry: u128) -> StopTime {
    StopTime { entry_id: id(entry), technician_id: ALICE, ended_at: None }
}

fn entry(world: &World, entry: u128) -> TimeEntry {
    world.get(Id::new(uuid::Uuid::from_u128(entry)))
}

/// Books a finished stretch.
fn book(world: &mut World, number: u128, from_min: i64, until_min: i64) {
    let alice = technician(ALICE);
    world.minutes = from_min;
    world.run(&alice, &start(number)).unwrap();
    world.minutes = until_min;
    world.run(&alice, &stop(number)).unwrap();
}

#[test]
fn time_runs_from_tap_to_tap() {
    let mut world = World::at_work();
    let alice = technician(ALICE);
    world.minutes = 10;
    let on_visit = StartTime { job_id: Some(JOB), visit_id: Some(VISIT), ..start(1) };
    assert!(!world.run(&alice, &on_visit).unwrap().overlaps);
    assert_eq!(world.refusal(&alice, &start(2)), "time.running");
    world.minutes = 55;
    assert_eq!(world.run(&alice, &stop(1)).unwrap().duration_s, 45 * 60);
    let stopped = entry(&world, 1);
    assert_eq!((stopped.started_at, stopped.ended_at, stopped.overlaps), (at(10), Some(at(55)), false));
    assert_eq!((stopped.visit_id, stopped.branch_id), (Some(VISIT), BRANCH));
    assert_eq!(world.refusal(&alice, &stop(1)), "time.stopped");
    world.run(&alice, &start(2)).expect("one may follow the other at once");
    assert!(!entry(&world, 2).overlaps && !entry(&world, 1).overlaps);
}

#[test]
fn overlaps_are_accepted_and_flagged_on_both() {
    let mut world = World::new();
    book(&mut world, 1, 60, 120);
    // A second phone was offline meanwhile.
    book(&mut world, 2, 90, 150);
    assert!(entry(&world, 1).overlaps && entry(&world, 2).overlaps);
    assert_eq!(world.flags, ["time.overlaps"]);
    book(&mut world, 3, 0, 300);
    assert!(entry(&world, 3).overlaps);
    book(&mut world, 4, 300, 310);
    assert!(!entry(&world, 4).overlaps, "touching is not overlapping");
}

#[test]
fn a_stop_makes_sense() {
    let mut world = World::new();
    let alice = technician(ALICE);
    world.minutes = 60;
    world.run(&alice, &start(1)).unwrap();
    let stopped_at = |minutes| StopTime { ended_at: Some(at(minutes)), ..stop(1) };
    assert_eq!(world.refusal(&alice, &stopped_at(59)), "time.stop_before_start");
    assert_eq!(world.refusal(&alice, &stopped_at(61)), "time.stop_in_future");
    world.minutes = 60 + 8 * 24 * 60;
    assert_eq!(world.refusal(&alice, &stop(1)), "time.too_long");
    assert_eq!(world.run(&alice, &stopped_at(120)).unwrap().duration_s, 3_600);
    assert_eq!(world.refusal(&alice, &stop(404)), "time_entry.not_found");
}

#[test]
fn technicians_track_their_own_time() {
    let mut world = World::new();
    assert_eq!(world.refusal(&technician(BOB), &start(1)), "time.not_own");
    world.run(&dispatcher(), &start(1)).unwrap();
    assert_eq!(world.refusal(&technician(BOB), &stop(1)), "time.not_own");
    let as_bob = StopTime { technician_id: BOB, ..stop(1) };
    assert_eq!(world.refusal(&technician(BOB), &as_bob), "time.other_technician");
}

#[test]
fn time_is_booked_on_what_is_there() {
    let mut world = World::with_visit();
    let alice = technician(ALICE);
    let cases = [
        (StartTime { visit_id: Some(VISIT), ..start(1) }, "time.job_missing"),
        (StartTime { job_id: Some(id(404)), ..start(1) }, "job.not_found"),
        (StartTime { job_id: Some(JOB), visit_id: Some(id(404)), ..start(1) }, "visit.not_found"),
        (StartTime { kind: "nap".into(), ..start(1) }, "time.kind"),
    ];
    for (start, reason) in cases {
        assert_eq!(world.refusal(&alice, &start), reason);
    }
}

#[test]
fn time_stopped_by_a_clock_that_was_set_back_is_kept_and_flagged() {
    let mut world = World::new();
    let alice = technician(ALICE);
    world.minutes = 60;
    world.run(&alice, &start(1)).unwrap();
    world.minutes = 59;
    assert_eq!(world.run(&alice, &stop(1)).unwrap().duration_s, 0);
    assert_eq!(world.flags, ["time.stopped_before_start"]);
    let stopped = entry(&world, 1);
    assert_eq!((stopped.started_at, stopped.ended_at), (at(60), Some(at(60))));
    assert_eq!((stopped.started_device_clock, stopped.ended_device_clock), (Some(at(60)), Some(at(59))));
}

#[test]
fn time_started_by_a_clock_years_behind_can_be_stopped() {
    let mut world = World::new();
    let alice = technician(ALICE);
    world.minutes = -11 * 365 * 24 * 60;
    world.run(&alice, &start(1)).unwrap();
    let claim = world.minutes;
    world.minutes = 60;
    assert_eq!(world.refusal(&alice, &stop(1)), "time.too_long");
    let stated = StopTime { ended_at: Some(at(30)), ..stop(1) };
    assert_eq!(world.run(&alice, &stated).unwrap().duration_s, 0);
    assert_eq!(world.flags, ["time.started_too_early"]);
    let stopped = entry(&world, 1);
    assert_eq!((stopped.started_at, stopped.ended_at), (at(30), Some(at(30))));
    assert_eq!((stopped.started_device_clock, stopped.ended_device_clock), (Some(at(claim)), None));
}
