//! Who can do what, where and when: territories, skills, hours, absences, licences.
//!
//! Everybody can be booked for everything of his branch that the seed plans, so that a demonstration is warned of what it
//! does itself, and of nothing else.

use jiff::{Timestamp, ToSpan, civil::Date};
use satchel_domain::tables::{
    Absence, AbsenceKind, AbsenceState, Branch, Credential, CredentialKind, Skill, Technician, TechnicianSkill,
    TechnicianTerritory, Territory, TerritoryArea, WorkingHours,
};
use satchel_protocol::{Id, record::UNSAVED};
use uuid::Uuid;

use super::{SeededOrganization, SeededTechnician, random::Random, words::Contractor};
use crate::bulk::Batch;

/// What jobs of each template ask for, in the order of [`TEMPLATES`](super::trade::TEMPLATES).
const SKILLS: &[&str] = &["Heating and cooling", "Plumbing", "Electrical"];

/// Minutes of the day at which everybody begins and ends; the seed plans nothing outside.
const HOURS_MIN: (i32, i32) = (6 * 60, 21 * 60);

/// Absences of a technician: why, where it stands, days from today to its beginning, days long. None in the four weeks
/// of visits.
const ABSENCES: &[(AbsenceKind, AbsenceState, i32, i32)] = &[
    (AbsenceKind::Pto, AbsenceState::Approved, -60, 7),
    (AbsenceKind::Sick, AbsenceState::Approved, -30, 2),
    (AbsenceKind::Training, AbsenceState::Approved, 30, 1),
    (AbsenceKind::Pto, AbsenceState::Requested, 45, 5),
];

/// Papers of the organization: what, title, days from today of the first and the last valid day. The insurance was
/// renewed.
const PAPERS: &[(CredentialKind, &str, i32, i32)] = &[
    (CredentialKind::License, "Contractor's license", -900, 900),
    (CredentialKind::Insurance, "General liability", -400, -36),
    (CredentialKind::Insurance, "General liability", -35, 330),
];

/// What the jobs of an organization are written with.
pub(super) struct Workforce {
    /// Two for each branch.
    pub(super) territories: Vec<[Id<Territory>; 2]>,
    /// One for each template.
    pub(super) skills: Vec<Id<Skill>>,
}

/// Writes all of it.
pub(super) fn write(
    contractor: &Contractor,
    seeded: &SeededOrganization,
    branches: &[Id<Branch>],
    today: Date,
    random: &mut Random,
    batch: &mut Batch,
) -> Workforce {
    let org_id = seeded.org_id;
    let mut territories = Vec::new();
    for (place, branch_id) in contractor.branches.iter().zip(branches) {
        territories.push([0, 1].map(|side| {
            let name = format!("{} {}", place.town, ["West", "East"][side]);
            let territory = Territory { id: random.id(), rev: UNSAVED, branch_id: *branch_id, name, active: true };
            batch.push(org_id, &territory);
            let area = TerritoryArea {
                id: random.id(),
                rev: UNSAVED,
                territory_id: territory.id,
                branch_id: *branch_id,
                postal_code: place.postcodes[side].to_owned(),
            };
            batch.push(org_id, &area);
            territory.id
        }));
    }
    let mut skills = Vec::new();
    for name in SKILLS {
        let skill = Skill { id: random.id(), rev: UNSAVED, name: (*name).to_owned(), active: true };
        batch.push(org_id, &skill);
        skills.push(skill.id);
    }
    for (kind, title, from, until) in PAPERS {
        batch.push(org_id, &credential(org_id, None, (kind, title), (day(today, *from), day(today, *until)), random));
    }
    let workforce = Workforce { territories, skills };
    let approver = seeded.user("dispatcher").map_or(org_id, |user| user.user_id);
    for technician in &seeded.technicians {
        let position = branches.iter().position(|branch| branch.uuid() == technician.branch_id).unwrap_or_default();
        let zone = contractor.branches[position].zone;
        let mut person = Person { org_id, technician, today, zone, approver, random, batch };
        person.write(&workforce.skills, workforce.territories[position]);
    }
    workforce
}

fn day(today: Date, days: i32) -> Date {
    today.saturating_add(days.days())
}

fn credential(
    org_id: Uuid,
    technician_id: Option<Id<Technician>>,
    (kind, title): (&CredentialKind, &str),
    (valid_from, valid_until): (Date, Date),
    random: &mut Random,
) -> Credential {
    Credential {
        id: random.id(),
        rev: UNSAVED,
        holder_id: technician_id.map_or(org_id, Id::uuid),
        technician_id,
        kind: kind.clone(),
        title: title.to_owned(),
        number: Some(format!("{:07}", random.between(1, 9_999_999))),
        issuer: Some("State board".to_owned()),
        valid_from,
        valid_until: Some(valid_until),
    }
}

/// A technician about to be written.
struct Person<'a> {
    org_id: Uuid,
    technician: &'a SeededTechnician,
    today: Date,
    zone: &'static str,
    approver: Uuid,
    random: &'a mut Random,
    batch: &'a mut Batch,
}

impl Person<'_> {
    fn write(&mut self, skills: &[Id<Skill>], territories: [Id<Territory>; 2]) {
        let technician_id: Id<Technician> = Id::new(self.technician.technician_id);
        let branch_id = Id::new(self.technician.branch_id);
        for (position, skill_id) in skills.iter().enumerate() {
            let skill = TechnicianSkill {
                id: self.random.id(),
                rev: UNSAVED,
                technician_id,
                branch_id,
                skill_id: *skill_id,
                expires_on: (position == 0).then(|| day(self.today, 700)),
            };
            self.batch.push(self.org_id, &skill);
        }
        for territory_id in territories {
            let id = self.random.id();
            let row = TechnicianTerritory { id, rev: UNSAVED, technician_id, branch_id, territory_id };
            self.batch.push(self.org_id, &row);
        }
        for weekday in 1..=7 {
            let (start_minute, end_minute) = HOURS_MIN;
            let id = self.random.id();
            let hours = WorkingHours { id, rev: UNSAVED, technician_id, branch_id, weekday, start_minute, end_minute };
            self.batch.push(self.org_id, &hours);
        }
        let days = (day(self.today, -self.random_days()), day(self.today, self.random_days()));
        let license =
            credential(self.org_id, Some(technician_id), (&CredentialKind::License, "Journeyman"), days, self.random);
        self.batch.push(self.org_id, &license);
        for (kind, state, from, days) in ABSENCES {
            let decided = *state != AbsenceState::Requested;
            let starts_at = self.midnight(*from);
            let absence = Absence {
                id: self.random.id(),
                rev: UNSAVED,
                technician_id,
                branch_id,
                kind: kind.clone(),
                state: state.clone(),
                starts_at,
                ends_at: self.midnight(from + days),
                note: None,
                requested_by: self.technician.user_id,
                decided_by: decided.then_some(self.approver),
                decided_at: decided.then(|| self.midnight(from - 10)),
            };
            self.batch.push(self.org_id, &absence);
        }
    }

    /// Days a licence still has, or has had: beyond the visits of the seed.
    fn random_days(&mut self) -> i32 {
        i32::try_from(self.random.between(60, 700)).unwrap_or_default()
    }

    /// The beginning of a day in the branch's zone.
    fn midnight(&self, days: i32) -> Timestamp {
        let day = day(self.today, days);
        day.in_tz(self.zone).map_or(Timestamp::UNIX_EPOCH, |midnight| midnight.timestamp())
    }
}
