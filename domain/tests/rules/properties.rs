//! Whatever people do, in whatever order.

use proptest::{
    prelude::*,
    test_runner::{FileFailurePersistence, TestCaseError},
};
use satchel_domain::{
    mutations::*,
    roles,
    rules::{
        absences, documents, job_state,
        visit_state::{self, Intent, TRANSITIONS, is_open},
        warnings::Override,
    },
    tables::*,
};
use satchel_protocol::{Id, Mutation};

use crate::support::*;

/// Something somebody does to one of two visits of a job.
#[derive(Clone, Debug)]
enum Act {
    /// One of the steps that are possible as the visit stands.
    Onward(usize, usize),
    /// Any step, mostly impossible.
    Step(Intent, usize),
    Assign(usize, Id<Technician>, bool),
    Unassign(usize, Id<Technician>),
    Reschedule(usize, i64, bool),
    Answer(bool),
    Status(JobState),
    Require(u128, bool),
    Satisfy(u128),
    Waive(u128),
    AskLeave(u128, Id<Technician>, i64),
    AnswerLeave(u128, Id<Technician>, absences::Intent),
    Week(Id<Technician>, i32),
    AskSkill(bool),
    CancelJob,
    PlanSecond,
}

fn act() -> impl Strategy<Value = Act> {
    let who = || prop::sample::select(vec![ALICE, BOB]);
    prop_oneof![
        16 => (0_usize..2, 0_usize..8).prop_map(|(visit, choice)| Act::Onward(visit, choice)),
        8 => (prop::sample::select(Intent::ALL), 0_usize..2).prop_map(|(step, visit)| Act::Step(step, visit)),
        4 => (0_usize..2, who(), any::<bool>()).prop_map(|(visit, who, confirm)| Act::Assign(visit, who, confirm)),
        2 => (0_usize..2, who()).prop_map(|(visit, technician)| Act::Unassign(visit, technician)),
        1 => (0_usize..2, -600_i64..600, any::<bool>())
            .prop_map(|(visit, minutes, confirm)| Act::Reschedule(visit, minutes, confirm)),
        2 => status().prop_map(Act::Status),
        1 => (0_u128..3, any::<bool>()).prop_map(|(document, required)| Act::Require(document, required)),
        2 => (0_u128..3).prop_map(Act::Satisfy),
        1 => (0_u128..3).prop_map(Act::Waive),
        1 => (0_u128..4, who(), -600_i64..600).prop_map(|(leave, who, minutes)| Act::AskLeave(leave, who, minutes)),
        2 => (0_u128..4, who(), answer()).prop_map(|(leave, who, intent)| Act::AnswerLeave(leave, who, intent)),
        1 => (who(), 0_i32..1_000).prop_map(|(who, minute)| Act::Week(who, minute)),
        1 => any::<bool>().prop_map(Act::AskSkill),
        2 => any::<bool>().prop_map(Act::Answer),
        1 => Just(Act::PlanSecond),
        // Rare, because little happens after it.
        1 => prop::bool::weighted(0.1).prop_map(|all| if all { Act::CancelJob } else { Act::PlanSecond }),
    ]
}

fn person() -> impl Strategy<Value = Person> {
    prop_oneof![
        4 => Just(dispatcher()),
        4 => Just(technician(ALICE)),
        2 => Just(technician(BOB)),
        1 => Just(owner()),
        // The role without the row.
        1 => Just(with_role("technician")),
    ]
}

fn status() -> impl Strategy<Value = JobState> {
    prop::sample::select(vec![JobState::Unscheduled, JobState::Completed, JobState::Closed])
}

fn answer() -> impl Strategy<Value = absences::Intent> {
    prop::sample::select(vec![absences::Intent::Approve, absences::Intent::Decline, absences::Intent::Cancel])
}

fn owner() -> Person {
    Person { user: OWNER_USER, ..with_role(roles::OWNER) }
}

const OWNER_USER: u128 = 0x0e;
const GAS: Id<Skill> = Id::new(uuid::Uuid::from_u128(0x6a5));

/// Every warning there is, confirmed.
fn confirmed(all: bool) -> Vec<Override> {
    let rules = if all { DispatchRule::ALL } else { &[] };
    rules.iter().map(|rule| Override { rule: rule.clone(), reason: "Because.".into() }).collect()
}

fn document(number: u128) -> Id<RequiredDocument> {
    Id::new(uuid::Uuid::from_u128(0xd0c0 + number))
}

fn absence(number: u128, technician: Id<Technician>) -> Id<Absence> {
    Id::new(uuid::Uuid::from_u128((technician.uuid().as_u128() << 8) + number))
}

fn visit(number: usize) -> Id<Visit> {
    [VISIT, Id::new(uuid::Uuid::from_u128(VISIT.uuid().as_u128() + 1))][number]
}

/// Runs a mutation; whether it was accepted.
fn went<M: Mutation>(world: &mut World, person: &Person, mutation: M) -> bool {
    world.run(person, &mutation).is_ok()
}

/// Runs the mutation of an intent.
fn step(world: &mut World, person: &Person, intent: Intent, visit_id: Id<Visit>) -> bool {
    let (job_id, reason, outcome) = (JOB, None, None);
    let because = "Because.".to_owned();
    match intent {
        Intent::Dispatch => went(world, person, DispatchVisit { job_id, visit_id }),
        Intent::Accept => went(world, person, AcceptVisit { job_id, visit_id, reason }),
        Intent::Decline => went(world, person, DeclineVisit { job_id, visit_id, reason: Some(because) }),
        Intent::Travel => went(world, person, TravelToVisit { job_id, visit_id, reason }),
        Intent::Arrive => went(world, person, ArriveAtVisit { job_id, visit_id, reason }),
        Intent::Pause => went(world, person, PauseVisit { job_id, visit_id, reason }),
        Intent::Resume => went(world, person, ResumeVisit { job_id, visit_id, reason }),
        Intent::Complete => went(world, person, CompleteVisit { job_id, visit_id, outcome }),
        Intent::CompletePartially => went(world, person, CompleteVisitPartially { job_id, visit_id, outcome }),
        Intent::CannotComplete => went(world, person, CannotCompleteVisit { job_id, visit_id, reason: because }),
        Intent::Cancel => went(world, person, CancelVisit { job_id, visit_id, reason: because }),
        // Not a mutation of its own: it follows from taking the last technician off.
        Intent::Withdraw => went(world, person, UnassignTech { job_id, visit_id, technician_id: ALICE }),
    }
}

/// What the policy keeps for the office: nobody else gets as far as the rule.
fn is_of_the_office(act: &Act) -> bool {
    match act {
        Act::Onward(..) | Act::Answer(_) | Act::Satisfy(_) | Act::AskLeave(..) | Act::Week(..) => false,
        Act::Step(intent, _) => !is_of_the_technician(*intent),
        Act::AnswerLeave(_, _, intent) => *intent != absences::Intent::Cancel,
        Act::Assign(..)
        | Act::Unassign(..)
        | Act::Reschedule(..)
        | Act::Status(_)
        | Act::Require(..)
        | Act::Waive(_)
        | Act::AskSkill(_)
        | Act::CancelJob
        | Act::PlanSecond => true,
    }
}

fn is_of_the_technician(intent: Intent) -> bool {
    !matches!(intent, Intent::Dispatch | Intent::Cancel | Intent::Withdraw)
}

/// Runs an act; whether it was accepted.
fn perform(world: &mut World, person: &Person, act: &Act) -> bool {
    let job_id = JOB;
    match *act {
        Act::Onward(number, choice) => {
            let Some(Visit { state, .. }) = world.find(visit(number)) else { return false };
            let office = person.technician.is_none();
            let mine = |intent| intent != Intent::Withdraw && (office || is_of_the_technician(intent));
            let possible = TRANSITIONS.iter().filter(|step| step.from == state && mine(step.intent));
            // Ways forward come in several copies, so that long ways are gone too.
            let wayward = |intent| matches!(intent, Intent::Decline | Intent::Cancel);
            let possible: Vec<_> =
                possible.flat_map(|step| vec![step.intent; if wayward(step.intent) { 1 } else { 4 }]).collect();
            match possible.get(choice % possible.len().max(1)) {
                Some(intent) => step(world, person, *intent, visit(number)),
                None => false,
            }
        }
        Act::Step(intent, number) => step(world, person, intent, visit(number)),
        Act::Assign(number, technician_id, all) => {
            let confirm = confirmed(all);
            let visit_id = visit(number);
            went(world, person, AssignTech { visit_id, confirm_overlap: true, confirm, ..assign(technician_id) })
        }
        Act::Unassign(number, technician_id) => {
            went(world, person, UnassignTech { job_id, visit_id: visit(number), technician_id })
        }
        Act::Reschedule(number, minutes, all) => {
            let (window_start, window_end) = (at(minutes), at(minutes + 60));
            let (visit_id, confirm) = (visit(number), confirmed(all));
            went(
                world,
                person,
                Reschedule { job_id, visit_id, window_start, window_end, confirm_overlap: true, confirm },
            )
        }
        Act::Answer(yes) => {
            let item = world.all::<ChecklistAnswer>().into_iter().find(|answer| answer.item_id == GAS_OFF).unwrap();
            let value = if yes { "yes" } else { "no" }.to_owned();
            went(world, person, AnswerItem { job_id, visit_id: VISIT, answer_id: item.id, value })
        }
        Act::Status(ref status) => went(world, person, UpdateJobStatus { job_id, status: status.clone() }),
        Act::Require(number, required) => {
            let (document_id, title, kind) = (document(number), "Photo".to_owned(), DocumentKind::Photo);
            let visit_id = (number > 0).then(|| visit(number as usize - 1));
            went(world, person, RequireDocument { document_id, job_id, visit_id, kind, title, required })
        }
        Act::Satisfy(number) => {
            let visit_id = visit(usize::from(number == 2));
            let reference_id = uuid::Uuid::from_u128(number + 1);
            went(world, person, SatisfyDocument { job_id, visit_id, document_id: document(number), reference_id })
        }
        Act::Waive(number) => {
            went(world, person, WaiveDocument { job_id, document_id: document(number), reason: "Because.".into() })
        }
        Act::AskLeave(number, technician_id, minutes) => {
            let kind = AbsenceKind::ALL[number as usize % AbsenceKind::ALL.len()].clone();
            let (starts_at, ends_at, absence_id) = (at(minutes), at(minutes + 120), absence(number, technician_id));
            went(world, person, RequestAbsence { absence_id, technician_id, kind, starts_at, ends_at, note: None })
        }
        Act::AnswerLeave(number, technician_id, intent) => {
            let absence_id = absence(number, technician_id);
            match intent {
                absences::Intent::Approve => went(world, person, ApproveAbsence { technician_id, absence_id }),
                absences::Intent::Decline => went(world, person, DeclineAbsence { technician_id, absence_id }),
                absences::Intent::Cancel => went(world, person, CancelAbsence { technician_id, absence_id }),
            }
        }
        Act::Week(technician_id, start_minute) => {
            let week = vec![Stretch { weekday: 6, start_minute, end_minute: start_minute + 400 }];
            went(world, person, SetAvailability { technician_id, week })
        }
        Act::AskSkill(ask) => {
            let skill_ids = if ask { vec![GAS] } else { Vec::new() };
            went(world, person, SetJobSkills { job_id, skill_ids })
        }
        Act::CancelJob => went(world, person, CancelJob { job_id, reason: "Because.".into() }),
        Act::PlanSecond => went(world, person, CreateVisit { job_id, planned: planned(visit(1), 300, 360) }),
    }
}

fn completed(world: &World) -> Vec<Id<Visit>> {
    let done = world.all::<Visit>().into_iter().filter(|visit| visit.state == VisitState::Completed);
    done.map(|visit| visit.id).collect()
}

/// What holds between any two acts.
fn check(world: &World) -> Result<(), TestCaseError> {
    let visits = world.all::<Visit>();
    let assignments = world.all::<Assignment>();
    let job = world.get(JOB);
    let states: Vec<_> = visits.iter().map(|visit| visit.state.clone()).collect();
    prop_assert_eq!(&job.state, &job_state::follow(&job.state, &states));
    for visit in &visits {
        let settled = matches!(job.state, JobState::Canceled | JobState::Closed);
        prop_assert!(!settled || !is_open(&visit.state), "a {} job has an open visit", job.state);
        prop_assert_eq!(visit.ended_at.is_some(), !is_open(&visit.state));
        let own: Vec<_> = assignments.iter().filter(|other| other.visit_id == visit.id).collect();
        let planned = visit.state == VisitState::Scheduled;
        prop_assert!(planned || !is_open(&visit.state) || !own.is_empty(), "somebody was sent, and is on it");
        for assignment in own {
            prop_assert_eq!(assignment.open, is_open(&visit.state));
            prop_assert_eq!(assignment.window_start, visit.window_start);
            prop_assert_eq!(assignment.window_end, visit.window_end);
        }
        // The track is unbroken, and every step of it is allowed.
        let mut stands = VisitState::Scheduled;
        let mut track: Vec<_> = world.all::<VisitStatusEvent>();
        track.retain(|event| event.visit_id == visit.id);
        track.sort_by_key(|event| event.id);
        for event in track {
            prop_assert_eq!(&event.from_state, &stands);
            let allowed = TRANSITIONS.iter().any(|step| step.from == event.from_state && step.to == event.to_state);
            prop_assert!(allowed, "{} to {}", event.from_state, event.to_state);
            stands = event.to_state;
        }
        prop_assert_eq!(&stands, &visit.state);
    }
    for document in world.all::<RequiredDocument>() {
        prop_assert_eq!(document.reference_id.is_some(), document.state == DocumentState::Satisfied);
        prop_assert_eq!(document.waive_reason.is_some(), document.state == DocumentState::Waived);
    }
    let mut standing = world.all::<Absence>();
    standing.retain(|absence| matches!(absence.state, AbsenceState::Requested | AbsenceState::Approved));
    for (position, one) in standing.iter().enumerate() {
        let overlaps = |other: &&Absence| {
            other.technician_id == one.technician_id && other.starts_at < one.ends_at && one.starts_at < other.ends_at
        };
        prop_assert_eq!(standing[position + 1..].iter().find(overlaps), None);
    }
    let owner = uuid::Uuid::from_u128(OWNER_USER);
    for booking in world.all::<DispatchOverride>() {
        let compliance = matches!(booking.rule, DispatchRule::ExpiredLicense | DispatchRule::ExpiredInsurance);
        prop_assert!(!compliance || booking.user_id == owner);
    }
    Ok(())
}

#[test]
fn every_intent_in_every_state_does_what_the_table_says() {
    for state in VisitState::ALL {
        for intent in Intent::ALL {
            let mut world = World::dispatched();
            let stands = Visit { state: state.clone(), ..world.get(VISIT) };
            world.put(&stands);
            let leads_to = visit_state::next(state, *intent).ok();
            let accepted = step(&mut world, &dispatcher(), *intent, VISIT);
            let without_move = *intent == Intent::Withdraw && *state == VisitState::Scheduled;
            assert_eq!(accepted, leads_to.is_some() || without_move, "{intent:?} of {state}");
            assert_eq!(world.get(VISIT).state, leads_to.unwrap_or(state.clone()), "{intent:?} of {state}");
        }
    }
}

/// Sequences tried, unless `PROPTEST_CASES` says otherwise.
const CASES: u32 = 1_024;

pub fn config() -> ProptestConfig {
    ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/rules/regressions.txt"))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_sequence_reaches_an_illegal_state(acts in prop::collection::vec((person(), act()), 1..60)) {
        let mut world = World::dispatched();
        let attach = AttachChecklist { job_id: JOB, visit_id: VISIT, checklist_id: id(0xc4ec), template_id: TEMPLATE };
        world.run(&dispatcher(), &attach).unwrap();
        world.strict = true;
        world.put(&Skill { id: GAS, rev: 1, name: "Gas".into(), active: true });
        // Whoever books Bob books against an expired licence.
        world.put(&Credential {
            id: id(0xc4ed),
            rev: 1,
            holder_id: BOB.uuid(),
            technician_id: Some(BOB),
            kind: CredentialKind::License,
            title: "Gas fitter".into(),
            number: None,
            issuer: None,
            valid_from: jiff::civil::date(2020, 1, 1),
            valid_until: Some(jiff::civil::date(2021, 1, 1)),
        });
        for (person, act) in acts {
            world.minutes += 1;
            if is_of_the_office(&act) && person.roles == [roles::TECHNICIAN] {
                continue;
            }
            let done_before = completed(&world);
            let done = perform(&mut world, &person, &act);
            prop_assert!(!(done && person == with_role("technician")));
            check(&world)?;
            for visit in completed(&world).into_iter().filter(|visit| !done_before.contains(visit)) {
                let blocks = |document: &RequiredDocument| {
                    let open = document.required && document.state == DocumentState::Open;
                    open && documents::concerns(document, visit)
                };
                prop_assert!(!world.all().iter().any(blocks), "completed without a required document");
            }
        }
    }

    #[test]
    fn a_note_is_the_same_whatever_the_order(
        texts in prop::collection::vec("[a-cé🙂\n ]{0,20}", 1..8),
        seed in any::<u64>(),
    ) {
        use satchel_domain::notes;
        // Two people edit in turns, each seeing the other's work only now and then.
        let mut sides: [Vec<Vec<u8>>; 2] = [Vec::new(), Vec::new()];
        let mut everything = Vec::new();
        for (turn, text) in texts.iter().enumerate() {
            let side = turn % 2;
            let edit = notes::edit(&sides[side], text, [turn as u8 + 1; 16]).unwrap();
            prop_assert!(edit.changes.len() <= 1);
            everything.extend(edit.changes.clone());
            sides[side].extend(edit.changes);
            prop_assert_eq!(&notes::materialise(&sides[side]).unwrap(), text);
            if seed >> turn & 1 == 1 {
                sides = [everything.clone(), everything.clone()];
            }
        }
        let forward = notes::accept::<Vec<u8>, _>(&[], &everything).unwrap();
        prop_assert_eq!(forward.fresh.len(), everything.len());
        everything.reverse();
        prop_assert_eq!(notes::materialise(&everything).unwrap(), forward.text);
    }
}
