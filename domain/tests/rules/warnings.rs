//! What a dispatcher is warned of, and booking all the same.

use jiff::civil::{Date, date};
use satchel_domain::{mutations::*, roles, rules::warnings::Override, tables::*};
use satchel_protocol::{Id, Rejection};
use serde_json::Value;
use uuid::Uuid;

use crate::support::*;

const GAS: Id<Skill> = Id::new(Uuid::from_u128(0x6a5));
const NORTH: Id<Territory> = Id::new(Uuid::from_u128(0x7e55));
const SOUTH: Id<Territory> = Id::new(Uuid::from_u128(0x7e56));

fn org() -> Uuid {
    Uuid::from_u128(1)
}

fn absent(world: &mut World, kind: AbsenceKind, state: AbsenceState) {
    world.put(&Absence {
        id: id(0xab5),
        rev: 1,
        technician_id: ALICE,
        branch_id: BRANCH,
        kind,
        state,
        starts_at: at(60),
        ends_at: at(600),
        note: None,
        requested_by: org(),
        decided_by: None,
        decided_at: None,
    });
}

/// Alice works from 9 to 17 on Saturdays. The day is a Saturday, and begins at 1 o'clock in Denver.
fn busy_week(world: &mut World) {
    world.put(&WorkingHours {
        id: id(0x40),
        rev: 1,
        technician_id: ALICE,
        branch_id: BRANCH,
        weekday: 6,
        start_minute: 540,
        end_minute: 1_020,
    });
}

fn in_territories(world: &mut World, place: Id<Territory>, own: &[Id<Territory>]) {
    for id in [NORTH, SOUTH] {
        world.put(&Territory { id, rev: 1, branch_id: BRANCH, name: "Area".into(), active: true });
    }
    let house = world.get(HOUSE);
    world.put(&Location { territory_id: Some(place), ..house });
    for territory_id in own {
        let id = Id::new(territory_id.uuid());
        let row =
            TechnicianTerritory { id, rev: 1, technician_id: ALICE, branch_id: BRANCH, territory_id: *territory_id };
        world.put(&row);
    }
}

fn asks_for_gas(world: &mut World) {
    world.put(&Skill { id: GAS, rev: 1, name: "Gas".into(), active: true });
    world.run(&dispatcher(), &SetJobSkills { job_id: JOB, skill_ids: vec![GAS] }).unwrap();
}

fn knows_gas(world: &mut World, expires_on: Option<Date>) {
    world.put(&TechnicianSkill {
        id: id(0x41),
        rev: 1,
        technician_id: ALICE,
        branch_id: BRANCH,
        skill_id: GAS,
        expires_on,
    });
}

fn paper(
    world: &mut World,
    number: u128,
    of: Option<Id<Technician>>,
    kind: CredentialKind,
    from: Date,
    until: Option<Date>,
) {
    world.put(&Credential {
        id: id(number),
        rev: 1,
        holder_id: of.map_or(org(), Id::uuid),
        technician_id: of,
        kind,
        title: "Paper".into(),
        number: None,
        issuer: None,
        valid_from: from,
        valid_until: until,
    });
}

fn because(rule: DispatchRule) -> Override {
    Override { rule, reason: " Nobody else. ".into() }
}

fn confirming(rules: &[DispatchRule]) -> AssignTech {
    AssignTech { confirm: rules.iter().cloned().map(because).collect(), ..assign(ALICE) }
}

fn warned(rejection: &Rejection) -> Vec<&str> {
    let warnings = rejection.details["warnings"].as_array().unwrap();
    warnings.iter().map(|warning| warning["rule"].as_str().unwrap()).collect()
}

/// Every rule alone: it warns with its reason, the owner may confirm it, the override is recorded.
fn warns(mut world: World, rule: &DispatchRule, reason: &str, dispatcher_may: bool) {
    let refused = world.run(&dispatcher(), &assign(ALICE)).unwrap_err();
    assert_eq!((refused.reason.as_str(), warned(&refused)), (reason, vec![rule.as_str()]));
    assert_eq!(refused.details["warnings"][0]["overridable"], dispatcher_may);
    assert_eq!(refused.details["warnings"][0]["technician_id"], ALICE.to_string());
    let confirmed = confirming(std::slice::from_ref(rule));
    if !dispatcher_may {
        assert_eq!(world.refusal(&dispatcher(), &confirmed), "dispatch.override_forbidden");
        assert_eq!(world.refusal(&with_role(roles::DELEGATED_AGENT), &confirmed), "dispatch.override_forbidden");
    }
    let person = if dispatcher_may { dispatcher() } else { with_role(roles::OPERATIONS_MANAGER) };
    world.minutes = 3;
    let assigned = world.run(&person, &confirmed).unwrap();
    assert_eq!(assigned.overridden, std::slice::from_ref(rule));
    let recorded = world.all::<DispatchOverride>().remove(0);
    assert_eq!((&recorded.rule, recorded.technician_id, recorded.visit_id), (rule, ALICE, VISIT));
    assert_eq!((recorded.reason.as_deref(), recorded.occurred_at), (Some("Nobody else."), at(3)));
    assert_eq!(recorded.user_id, Uuid::from_u128(person.user));
}

#[test]
fn an_absence_warns_when_granted_or_an_illness() {
    for (kind, state, counts) in [
        (AbsenceKind::Pto, AbsenceState::Approved, true),
        (AbsenceKind::Sick, AbsenceState::Requested, true),
        (AbsenceKind::Pto, AbsenceState::Requested, false),
        (AbsenceKind::Sick, AbsenceState::Declined, false),
        (AbsenceKind::Training, AbsenceState::Canceled, false),
    ] {
        let mut world = World::with_visit();
        absent(&mut world, kind, state);
        if counts {
            warns(world, &DispatchRule::Absence, "dispatch.absent", true);
        } else {
            world.run(&dispatcher(), &assign(ALICE)).unwrap();
        }
    }
}

#[test]
fn the_window_should_lie_in_the_working_hours() {
    let mut world = World::with_visit();
    busy_week(&mut world);
    warns(world.clone(), &DispatchRule::OutsideHours, "dispatch.outside_hours", true);
    let (window_start, window_end) = (at(8 * 60), at(10 * 60));
    let later = Reschedule {
        job_id: JOB,
        visit_id: VISIT,
        window_start,
        window_end,
        confirm_overlap: false,
        confirm: Vec::new(),
    };
    world.run(&dispatcher(), &later).unwrap();
    world.run(&dispatcher(), &assign(ALICE)).expect("9 to 11 in Denver");
    world.run(&dispatcher(), &assign(BOB)).expect("who has no hours always works");
}

#[test]
fn the_place_should_lie_in_a_territory() {
    let mut world = World::with_visit();
    in_territories(&mut world, SOUTH, &[NORTH]);
    warns(world, &DispatchRule::OutsideTerritory, "dispatch.outside_territory", true);
    for own in [&[NORTH, SOUTH][..], &[]] {
        let mut world = World::with_visit();
        in_territories(&mut world, SOUTH, own);
        world.run(&dispatcher(), &assign(ALICE)).unwrap();
    }
}

#[test]
fn the_technician_should_have_the_skills() {
    let mut world = World::with_visit();
    asks_for_gas(&mut world);
    warns(world.clone(), &DispatchRule::MissingSkill, "dispatch.skill_missing", true);
    knows_gas(&mut world, Some(date(2026, 11, 20)));
    warns(world.clone(), &DispatchRule::ExpiredSkill, "dispatch.skill_expired", true);
    knows_gas(&mut world, Some(date(2026, 11, 21)));
    world.run(&dispatcher(), &assign(ALICE)).expect("the last day counts");
}

#[test]
fn papers_must_be_valid_and_only_the_management_answers_for_them() {
    let (long_ago, yesterday, today) = (date(2020, 1, 1), date(2026, 11, 20), date(2026, 11, 21));
    for of in [Some(ALICE), None] {
        for (kind, rule, reason) in [
            (CredentialKind::License, DispatchRule::ExpiredLicense, "dispatch.license_expired"),
            (CredentialKind::Insurance, DispatchRule::ExpiredInsurance, "dispatch.insurance_expired"),
        ] {
            let mut world = World::with_visit();
            paper(&mut world, 1, of, kind.clone(), long_ago, Some(yesterday));
            warns(world.clone(), &rule, reason, false);
            let mut early = world.clone();
            paper(&mut early, 2, of, kind.clone(), date(2026, 11, 22), None);
            warns(early, &rule, reason, false);
            // A renewal counts, of the same kind and title.
            paper(&mut world, 2, of, kind, today, Some(today));
            world.run(&dispatcher(), &assign(ALICE)).unwrap();
        }
    }
    let mut world = World::with_visit();
    paper(&mut world, 1, Some(BOB), CredentialKind::License, long_ago, Some(yesterday));
    world.run(&dispatcher(), &assign(ALICE)).expect("somebody else's licence");
}

/// Everything that can be wrong at once.
fn everything() -> World {
    let mut world = World::with_visit();
    let first_visit = Some(planned(id(0x5152), 60, 180));
    world.run(&dispatcher(), &CreateJob { first_visit, ..create_job(id(0x20b)) }).unwrap();
    let other = AssignTech { job_id: id(0x20b), visit_id: id(0x5152), ..assign(ALICE) };
    world.run(&dispatcher(), &other).unwrap();
    absent(&mut world, AbsenceKind::Pto, AbsenceState::Approved);
    busy_week(&mut world);
    in_territories(&mut world, SOUTH, &[NORTH]);
    asks_for_gas(&mut world);
    paper(&mut world, 1, Some(ALICE), CredentialKind::License, date(2020, 1, 1), Some(date(2021, 1, 1)));
    paper(&mut world, 2, None, CredentialKind::Insurance, date(2020, 1, 1), Some(date(2021, 1, 1)));
    world
}

const ALL_AT_ONCE: [DispatchRule; 7] = [
    DispatchRule::DoubleBooking,
    DispatchRule::Absence,
    DispatchRule::OutsideHours,
    DispatchRule::OutsideTerritory,
    DispatchRule::MissingSkill,
    DispatchRule::ExpiredLicense,
    DispatchRule::ExpiredInsurance,
];

#[test]
fn all_warnings_come_in_one_refusal() {
    let mut world = everything();
    let refused = world.run(&dispatcher(), &assign(ALICE)).unwrap_err();
    assert_eq!(refused.reason, "assignment.overlap", "the first one's, as before");
    assert_eq!(warned(&refused), ALL_AT_ONCE.each_ref().map(DispatchRule::as_str));
    let overridable: Vec<bool> = refused.details["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["overridable"].as_bool().unwrap())
        .collect();
    assert_eq!(overridable, [true, true, true, true, true, false, false]);
    assert_eq!(refused.details["warnings"][0]["about"], Value::from(vec![id::<Visit>(0x5152).to_string()]));
    assert!(refused.message.contains("away") && refused.message.contains("working hours"), "{}", refused.message);

    // What is confirmed is gone, the rest comes again.
    let some = AssignTech { confirm_overlap: true, ..confirming(&ALL_AT_ONCE[1..3]) };
    let refused = world.run(&dispatcher(), &some).unwrap_err();
    assert_eq!((refused.reason.as_str(), warned(&refused).len()), ("dispatch.outside_territory", 4));
    let owner = with_role(roles::OWNER);
    let assigned = world.run(&owner, &confirming(&ALL_AT_ONCE)).unwrap();
    assert!(assigned.overlaps && assigned.overridden == ALL_AT_ONCE);
    assert_eq!(world.all::<DispatchOverride>().len(), 7);
}

#[test]
fn an_old_app_confirms_double_booking_without_a_reason() {
    let mut world = World::with_visit();
    let first_visit = Some(planned(id(0x5152), 60, 180));
    world.run(&dispatcher(), &CreateJob { first_visit, ..create_job(id(0x20b)) }).unwrap();
    let other = AssignTech { job_id: id(0x20b), visit_id: id(0x5152), ..assign(ALICE) };
    world.run(&dispatcher(), &other).unwrap();
    world.run(&dispatcher(), &AssignTech { confirm_overlap: true, ..assign(ALICE) }).unwrap();
    let recorded = world.all::<DispatchOverride>().remove(0);
    assert_eq!((recorded.rule, recorded.reason), (DispatchRule::DoubleBooking, None));
}

#[test]
fn moving_a_visit_warns_for_everybody_on_it() {
    let mut world = World::with_visit();
    world.run(&dispatcher(), &assign(ALICE)).unwrap();
    world.run(&dispatcher(), &assign(BOB)).unwrap();
    absent(&mut world, AbsenceKind::Training, AbsenceState::Approved);
    paper(&mut world, 2, None, CredentialKind::Insurance, date(2020, 1, 1), Some(date(2026, 11, 21)));
    let move_to = |confirm: Vec<Override>| Reschedule {
        job_id: JOB,
        visit_id: VISIT,
        window_start: at(500),
        window_end: at(24 * 60 + 500),
        confirm_overlap: false,
        confirm,
    };
    let refused = world.run(&dispatcher(), &move_to(Vec::new())).unwrap_err();
    assert_eq!(warned(&refused), ["absence", "expired_insurance", "expired_insurance"]);
    let confirm = vec![because(DispatchRule::Absence), because(DispatchRule::ExpiredInsurance)];
    assert_eq!(world.refusal(&dispatcher(), &move_to(confirm.clone())), "dispatch.override_forbidden");
    let moved = world.run(&with_role(roles::OWNER), &move_to(confirm)).unwrap();
    assert_eq!((moved.overlaps, moved.overridden.len()), (false, 2));
    assert_eq!(world.all::<DispatchOverride>().len(), 3);
}

#[test]
fn what_is_confirmed_makes_sense() {
    let mut world = World::with_visit();
    absent(&mut world, AbsenceKind::Pto, AbsenceState::Approved);
    let with_reason = |reason: &str| AssignTech {
        confirm: vec![Override { rule: DispatchRule::Absence, reason: reason.into() }],
        ..assign(ALICE)
    };
    assert_eq!(world.refusal(&dispatcher(), &with_reason("  ")), "dispatch.reason_empty");
    assert_eq!(world.refusal(&dispatcher(), &with_reason("a\0b")), "dispatch.reason_nul");
    assert_eq!(world.refusal(&dispatcher(), &with_reason(&"x".repeat(2_001))), "dispatch.reason_too_long");
    assert_eq!(world.refusal(&dispatcher(), &confirming(&["gravity".into()])), "dispatch.rule");
    let many = vec![DispatchRule::Absence; 17];
    assert_eq!(world.refusal(&dispatcher(), &confirming(&many)), "dispatch.too_many_overrides");
    // A warning that is not there needs no confirmation, and nobody's right to it.
    let moot = confirming(&[DispatchRule::Absence, DispatchRule::ExpiredLicense]);
    assert_eq!(world.run(&dispatcher(), &moot).unwrap().overridden, [DispatchRule::Absence]);
    assert_eq!(world.all::<DispatchOverride>().len(), 1);
}

#[test]
fn an_emergency_is_no_reason_to_book_past_a_warning() {
    let mut world = World::with_visit();
    absent(&mut world, AbsenceKind::Pto, AbsenceState::Approved);
    let job = world.get(JOB);
    world.put(&Job { priority: JobPriority::Emergency, ..job });
    assert_eq!(world.refusal(&dispatcher(), &assign(ALICE)), "dispatch.absent");
}
