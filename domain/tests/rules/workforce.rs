//! Technicians: skills, hours, territories, absences, licences.

use jiff::civil::{Date, date};
use satchel_domain::{mutations::*, roles, tables::*};
use satchel_protocol::{Id, Mutation};
use uuid::Uuid;

use crate::support::*;

const GAS: Id<Skill> = Id::new(Uuid::from_u128(0x6a5));
const LEAVE: Id<Absence> = Id::new(Uuid::from_u128(0xab5));
const PAPER: Id<Credential> = Id::new(Uuid::from_u128(0xc4ed));

fn manager() -> Person {
    with_role(roles::OWNER)
}

fn world() -> World {
    let mut world = World::new();
    world.put(&Skill { id: GAS, rev: 1, name: "Gas".into(), active: true });
    world
}

fn leave(from_min: i64, until_min: i64) -> RequestAbsence {
    RequestAbsence {
        absence_id: LEAVE,
        technician_id: ALICE,
        kind: AbsenceKind::Pto,
        starts_at: at(from_min),
        ends_at: at(until_min),
        note: Some("Wedding 💍".into()),
    }
}

const DAY: i64 = 24 * 60;

#[test]
fn the_management_takes_technicians_on() {
    let mut world = world();
    let create = CreateTechnician { technician_id: id(0xca41), branch_id: BRANCH, name: "Carl".into(), user_id: None };
    world.run(&manager(), &create).unwrap();
    let update = UpdateTechnician {
        technician_id: create.technician_id,
        name: Some("Karl".into()),
        branch_id: None,
        active: Some(false),
        user_id: None,
    };
    world.run(&manager(), &update).unwrap();
    let row = world.get(create.technician_id);
    assert_eq!((row.name.as_str(), row.active), ("Karl", false));
    let cases = [
        (UpdateTechnician { name: Some(" ".into()), ..update.clone() }, "technician.name_empty"),
        (UpdateTechnician { name: Some("x".repeat(201)), ..update.clone() }, "technician.name_too_long"),
        (UpdateTechnician { branch_id: Some(id(404)), ..update.clone() }, "branch.not_found"),
        (UpdateTechnician { technician_id: id(404), ..update.clone() }, "technician.not_found"),
        (UpdateTechnician { name: None, active: None, ..update.clone() }, "technician.nothing_to_change"),
    ];
    for (update, reason) in cases {
        assert_eq!(world.refusal(&manager(), &update), reason);
    }
    assert_eq!(world.refusal(&manager(), &CreateTechnician { branch_id: id(404), ..create }), "branch.not_found");
}

#[test]
fn a_week_is_set_as_a_whole() {
    let mut world = world();
    let week = |week: &[(i32, i32, i32)]| SetAvailability {
        technician_id: ALICE,
        week: week
            .iter()
            .map(|&(weekday, start_minute, end_minute)| Stretch { weekday, start_minute, end_minute })
            .collect(),
    };
    let alice = technician(ALICE);
    assert_eq!(world.run(&alice, &week(&[(1, 480, 720), (1, 780, 1_020), (7, 0, 1_440)])).unwrap().minutes, 1_920);
    let kept = world.all::<WorkingHours>().into_iter().find(|hours| hours.weekday == 7).unwrap().id;
    world.run(&dispatcher(), &week(&[(7, 0, 1_440), (2, 480, 960)])).unwrap();
    assert!(world.find(kept).is_some(), "what stays is not written anew");
    assert_eq!(world.all::<WorkingHours>().len(), 2);
    for (wrong, reason) in [
        (week(&[(0, 1, 2)]), "availability.weekday"),
        (week(&[(8, 1, 2)]), "availability.weekday"),
        (week(&[(1, -1, 2)]), "availability.minutes"),
        (week(&[(1, 2, 2)]), "availability.minutes"),
        (week(&[(1, 2, 1_441)]), "availability.minutes"),
        (week(&[(1, 0, 60), (1, 59, 120)]), "availability.overlap"),
        (week(&[(1, 0, 1); 29]), "availability.too_many"),
        (SetAvailability { technician_id: id(404), ..week(&[]) }, "technician.not_found"),
    ] {
        assert_eq!(world.refusal(&dispatcher(), &wrong), reason);
    }
    assert_eq!(world.refusal(&technician(BOB), &week(&[])), "technician.not_own");
    world.run(&alice, &week(&[])).unwrap();
    assert!(world.all::<WorkingHours>().is_empty());
}

#[test]
fn skills_are_granted_renewed_and_revoked() {
    let mut world = world();
    let grant = |expires_on: Option<Date>| GrantSkill { technician_id: ALICE, skill_id: GAS, expires_on };
    let first = world.run(&manager(), &grant(None)).unwrap().technician_skill_id;
    let again = world.run(&manager(), &grant(Some(date(2027, 1, 31)))).unwrap().technician_skill_id;
    assert_eq!((first, world.get(first).expires_on), (again, Some(date(2027, 1, 31))));
    for (grant, reason) in [
        (grant(Some(date(1970, 1, 1))), "skill.expires_on"),
        (grant(Some(date(2400, 1, 1))), "skill.expires_on"),
        (GrantSkill { technician_id: id(404), ..grant(None) }, "technician.not_found"),
        (GrantSkill { skill_id: id(404), ..grant(None) }, "skill.not_found"),
    ] {
        assert_eq!(world.refusal(&manager(), &grant), reason);
    }
    let revoke = RevokeSkill { technician_id: ALICE, skill_id: GAS };
    world.run(&manager(), &revoke).unwrap();
    assert_eq!(world.refusal(&manager(), &revoke), "technician_skill.not_found");
    let skill = world.get(GAS);
    world.put(&Skill { active: false, ..skill });
    assert_eq!(world.refusal(&manager(), &grant(None)), "skill.inactive");
}

#[test]
fn a_job_asks_for_skills() {
    let mut world = world();
    world.run(&dispatcher(), &create_job(JOB)).unwrap();
    let ask = |skill_ids: &[Id<Skill>]| SetJobSkills { job_id: JOB, skill_ids: skill_ids.to_vec() };
    assert_eq!(world.run(&dispatcher(), &ask(&[GAS, GAS])).unwrap().skills, 1);
    assert_eq!(world.refusal(&dispatcher(), &ask(&[id(404)])), "skill.not_found");
    assert_eq!(world.refusal(&dispatcher(), &ask(&[GAS; 21])), "job.too_many_skills");
    let skill = world.get(GAS);
    world.put(&Skill { active: false, ..skill });
    world.run(&dispatcher(), &ask(&[GAS])).expect("what it asks for already stays");
    world.run(&dispatcher(), &ask(&[])).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &ask(&[GAS])), "skill.inactive");
    world.run(&dispatcher(), &CancelJob { job_id: JOB, reason: "x".into() }).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &ask(&[])), "job.closed");
}

#[test]
fn territories_of_a_technician_are_set_as_a_whole() {
    let mut world = world();
    let [north, south]: [Id<Territory>; 2] = [id(1), id(2)];
    for id in [north, south] {
        world.put(&Territory { id, rev: 1, branch_id: BRANCH, name: "Area".into(), active: true });
    }
    let set = |territory_ids: &[Id<Territory>]| SetTerritories {
        technician_id: ALICE,
        territory_ids: territory_ids.to_vec(),
    };
    assert_eq!(world.run(&dispatcher(), &set(&[north, south, north])).unwrap().territories, 2);
    world.run(&dispatcher(), &set(&[south])).unwrap();
    assert_eq!(world.all::<TechnicianTerritory>().len(), 1);
    assert_eq!(world.refusal(&dispatcher(), &set(&[id(404)])), "territory.not_found");
    assert_eq!(world.refusal(&dispatcher(), &set(&[north; 65])), "technician.too_many_territories");
}

#[test]
fn a_technician_asks_for_leave_and_the_office_answers() {
    let mut world = World::dispatched();
    let alice = technician(ALICE);
    world.run(&alice, &leave(-60, DAY)).unwrap();
    assert_eq!(world.refusal(&alice, &RequestAbsence { absence_id: id(2), ..leave(0, 60) }), "absence.overlap");
    let approve = ApproveAbsence { technician_id: ALICE, absence_id: LEAVE };
    world.minutes = 30;
    let answered = world.run(&dispatcher(), &approve).unwrap();
    assert_eq!((answered.state, answered.open_visits), (AbsenceState::Approved, 1));
    assert_eq!(world.get(LEAVE).decided_at, Some(at(30)));
    assert_eq!(world.refusal(&dispatcher(), &approve), "absence.state");
    let cancel = CancelAbsence { technician_id: ALICE, absence_id: LEAVE };
    assert_eq!(world.refusal(&alice, &cancel), "absence.granted");
    world.run(&dispatcher(), &cancel).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &cancel), "absence.state");

    let again = RequestAbsence { absence_id: id(2), ..leave(0, 60) };
    world.run(&alice, &again).expect("the time is free again");
    assert_eq!(
        world.refusal(&technician(BOB), &CancelAbsence { absence_id: id(2), ..cancel.clone() }),
        "technician.not_own"
    );
    let other = CancelAbsence { technician_id: BOB, absence_id: id(2) };
    assert_eq!(world.refusal(&technician(BOB), &other), "absence.other_technician");
    world.run(&alice, &CancelAbsence { absence_id: id(2), ..cancel }).unwrap();
    let third = RequestAbsence { absence_id: id(3), ..leave(0, 60) };
    world.run(&dispatcher(), &third).unwrap();
    let decline = DeclineAbsence { technician_id: ALICE, absence_id: id(3) };
    assert_eq!(world.run(&dispatcher(), &decline).unwrap().state, AbsenceState::Declined);
    assert_eq!(world.refusal(&dispatcher(), &DeclineAbsence { absence_id: id(404), ..decline }), "absence.not_found");
}

#[test]
fn an_absence_makes_sense() {
    let mut world = world();
    let alice = technician(ALICE);
    for (wrong, reason) in [
        (leave(0, 0), "absence.order"),
        (leave(0, 366 * DAY + 1), "absence.length"),
        (leave(-60 * 365 * DAY, 60), "absence.date"),
        (leave(0, 400 * 365 * DAY), "absence.date"),
        (RequestAbsence { kind: "moon".into(), ..leave(0, 60) }, "absence.kind"),
        (RequestAbsence { note: Some("x".repeat(2_001)), ..leave(0, 60) }, "absence.note_too_long"),
        (RequestAbsence { note: Some("\0".into()), ..leave(0, 60) }, "absence.note_nul"),
        (RequestAbsence { technician_id: BOB, ..leave(0, 60) }, "technician.not_own"),
    ] {
        assert_eq!(world.refusal(&alice, &wrong), reason);
    }
    let nobody = RequestAbsence { technician_id: id(404), ..leave(0, 60) };
    assert_eq!(world.refusal(&dispatcher(), &nobody), "technician.not_found");
    world.run(&alice, &leave(0, 366 * DAY)).unwrap();
}

fn paper() -> RecordCredential {
    RecordCredential {
        credential_id: PAPER,
        technician_id: Some(ALICE),
        kind: CredentialKind::License,
        title: "Gas fitter".into(),
        number: Some("7".into()),
        issuer: None,
        valid_from: date(2026, 1, 1),
        valid_until: Some(date(2026, 12, 31)),
    }
}

/// The paper with one argument replaced.
fn with(field: &str, value: serde_json::Value) -> RecordCredential {
    let mut args = serde_json::to_value(paper()).unwrap();
    args[field] = value;
    serde_json::from_value(args).unwrap()
}

#[test]
fn licences_are_recorded_and_corrected() {
    let mut world = world();
    world.run(&manager(), &paper()).unwrap();
    let of_all = RecordCredential { credential_id: id(2), technician_id: None, valid_until: None, ..paper() };
    world.run(&manager(), &of_all).unwrap();
    let org = world.ctx(&manager(), satchel_protocol::context::Side::Server).org_id;
    assert_eq!((world.get(PAPER).holder_id, world.get(of_all.credential_id).holder_id), (ALICE.uuid(), org));
    for (field, value, reason) in [
        ("kind", "blessing".into(), "credential.kind"),
        ("title", " ".into(), "credential.title_empty"),
        ("title", "x".repeat(201).into(), "credential.title_too_long"),
        ("number", "\0".into(), "credential.number_nul"),
        ("issuer", "x".repeat(201).into(), "credential.issuer_too_long"),
        ("valid_from", "1970-01-01".into(), "credential.date"),
        ("valid_until", "2400-01-01".into(), "credential.date"),
        ("valid_until", "2025-12-31".into(), "credential.order"),
        ("technician_id", Uuid::from_u128(404).to_string().into(), "technician.not_found"),
    ] {
        let value: serde_json::Value = value;
        assert_eq!(world.refusal(&manager(), &with(field, value)), reason, "{field}");
    }
    let update = UpdateCredential {
        credential_id: PAPER,
        title: None,
        number: Some(String::new()),
        issuer: Some("State".into()),
        valid_from: None,
        valid_until: Some(date(2027, 6, 30)),
    };
    world.run(&manager(), &update).unwrap();
    let row = world.get(PAPER);
    assert_eq!((row.number, row.issuer.as_deref(), row.valid_until), (None, Some("State"), update.valid_until));
    let backwards = UpdateCredential { valid_until: Some(date(2025, 1, 1)), ..update.clone() };
    assert_eq!(world.refusal(&manager(), &backwards), "credential.order");
    let remove = RemoveCredential { credential_id: PAPER };
    world.run(&manager(), &remove).unwrap();
    assert_eq!(world.refusal(&manager(), &remove), "credential.not_found");
    assert!(RemoveCredential::NAME.starts_with("credential/"));
}
