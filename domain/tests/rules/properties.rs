//! Whatever people do, in whatever order.

use proptest::{
    prelude::*,
    test_runner::{FileFailurePersistence, TestCaseError},
};
use satchel_domain::{
    mutations::*,
    rules::{
        job_state,
        visit_state::{self, Intent, TRANSITIONS, is_open, is_under_way},
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
    Assign(usize, Id<Technician>),
    Unassign(usize, Id<Technician>),
    Reschedule(usize, i64),
    Answer(bool),
    CancelJob,
    PlanSecond,
}

fn act() -> impl Strategy<Value = Act> {
    let who = || prop::sample::select(vec![ALICE, BOB]);
    prop_oneof![
        16 => (0_usize..2, 0_usize..8).prop_map(|(visit, choice)| Act::Onward(visit, choice)),
        8 => (prop::sample::select(Intent::ALL), 0_usize..2).prop_map(|(step, visit)| Act::Step(step, visit)),
        3 => (0_usize..2, who()).prop_map(|(visit, technician)| Act::Assign(visit, technician)),
        2 => (0_usize..2, who()).prop_map(|(visit, technician)| Act::Unassign(visit, technician)),
        1 => (0_usize..2, -600_i64..600).prop_map(|(visit, minutes)| Act::Reschedule(visit, minutes)),
        2 => any::<bool>().prop_map(Act::Answer),
        1 => Just(Act::PlanSecond),
        // Rare, because little happens after it.
        1 => prop::bool::weighted(0.1).prop_map(|all| if all { Act::CancelJob } else { Act::PlanSecond }),
    ]
}

fn person() -> impl Strategy<Value = Person> {
    prop_oneof![4 => Just(dispatcher()), 4 => Just(technician(ALICE)), 2 => Just(technician(BOB)), 1 => Just(with_role("auditor"))]
}

fn visit(number: usize) -> Id<Visit> {
    [VISIT, Id::new(uuid::Uuid::from_u128(VISIT.uuid().as_u128() + 1))][number]
}

/// Runs a mutation; whether it was accepted.
fn went<M: Mutation>(world: &mut World, person: &Person, mutation: M) -> bool {
    let before = world.rows.clone();
    let accepted = world.run(person, &mutation).is_ok();
    assert!(accepted || before == world.rows, "a refused mutation leaves no trace");
    accepted
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

/// Runs an act; whether it was accepted.
fn perform(world: &mut World, person: &Person, act: &Act) -> bool {
    let job_id = JOB;
    match *act {
        Act::Onward(number, choice) => {
            let Some(Visit { state, .. }) = world.find(visit(number)) else { return false };
            let possible = TRANSITIONS.iter().filter(|step| step.from == state && step.intent != Intent::Withdraw);
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
        Act::Assign(number, technician_id) => {
            went(world, person, AssignTech { visit_id: visit(number), confirm_overlap: true, ..assign(technician_id) })
        }
        Act::Unassign(number, technician_id) => {
            went(world, person, UnassignTech { job_id, visit_id: visit(number), technician_id })
        }
        Act::Reschedule(number, minutes) => {
            let (window_start, window_end) = (at(minutes), at(minutes + 60));
            let visit_id = visit(number);
            went(world, person, Reschedule { job_id, visit_id, window_start, window_end, confirm_overlap: true })
        }
        Act::Answer(yes) => {
            let item = world.all::<ChecklistAnswer>().into_iter().find(|answer| answer.item_id == GAS_OFF).unwrap();
            let value = if yes { "yes" } else { "no" }.to_owned();
            went(world, person, AnswerItem { job_id, visit_id: VISIT, answer_id: item.id, value })
        }
        Act::CancelJob => went(world, person, CancelJob { job_id, reason: "Because.".into() }),
        Act::PlanSecond => went(world, person, CreateVisit { job_id, planned: planned(visit(1), 300, 360) }),
    }
}

/// What holds between any two acts.
fn check(world: &World) -> Result<(), TestCaseError> {
    let visits = world.all::<Visit>();
    let assignments = world.all::<Assignment>();
    let job = world.get(JOB);
    let states: Vec<_> = visits.iter().map(|visit| visit.state.clone()).collect();
    prop_assert_eq!(&job.state, &job_state::follow(&job.state, &states));
    for visit in &visits {
        prop_assert!(job.state != JobState::Canceled || !is_open(&visit.state));
        prop_assert_eq!(visit.ended_at.is_some(), !is_open(&visit.state));
        let own: Vec<_> = assignments.iter().filter(|other| other.visit_id == visit.id).collect();
        prop_assert!(!is_under_way(&visit.state) || !own.is_empty(), "somebody is at work");
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

pub fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
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
        for (person, act) in acts {
            world.minutes += 1;
            let done = perform(&mut world, &person, &act);
            prop_assert!(!(done && person == with_role("auditor")));
            check(&world)?;
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
