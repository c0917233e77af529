//! Random days: whatever happens, in whatever order, what the phone shows is the server's rows with its undecided
//! mutations on top; and once all is quiet, phone and server agree.

use proptest::{prelude::*, test_runner::Config};
use satchel_client::{StoreError, store::QueueState};
use satchel_protocol::{Id, Record, wire::Outcome};
use uuid::Uuid;

use crate::{
    phone::{Phone, context, server, similar_rows},
    server::Server,
    trade::*,
};

const PROJECTS: u8 = 3;
const TASKS: u8 = 8;
const STATES: [&str; 3] = ["open", "busy", "shut"];

#[derive(Clone, Debug)]
enum Act {
    Create { task: u8, project: u8, points: i32 },
    Rename { task: u8 },
    Move { task: u8, state: usize },
    Delete { task: u8 },
    Finish { project: u8, done: bool },
    Count { project: u8 },
    Claim { project: u8, from: usize, to: usize },
    Audit { project: u8 },
}

#[derive(Clone, Debug)]
enum Step {
    Tap(Act),
    Office(Act),
    /// A writer that knows no rules.
    Row {
        task: u8,
        project: u8,
        points: i32,
    },
    Push {
        max: usize,
    },
    LostRequest,
    LostResponse {
        max: usize,
    },
    Pull {
        page_rows: usize,
        pages: usize,
    },
    Crash,
    Show {
        project: u8,
    },
    Hide {
        project: u8,
    },
    ForgetPasses,
    Stale,
    Retry,
    /// Another mutation of the same kind in place of a refused one.
    Edit(Act),
    Undo,
    UndoGroup,
    /// Takes back what was never sent, held or not.
    UndoUnsent,
    Renew,
}

fn act() -> impl Strategy<Value = Act> {
    let (project, task, state) = (0..PROJECTS, 0..TASKS, 0..STATES.len());
    prop_oneof![
        3 => (task.clone(), project.clone(), 0..10).prop_map(|(task, project, points)| Act::Create { task, project, points }),
        2 => task.clone().prop_map(|task| Act::Rename { task }),
        3 => (task.clone(), state.clone()).prop_map(|(task, state)| Act::Move { task, state }),
        1 => task.prop_map(|task| Act::Delete { task }),
        1 => (project.clone(), any::<bool>()).prop_map(|(project, done)| Act::Finish { project, done }),
        2 => project.clone().prop_map(|project| Act::Count { project }),
        3 => (project.clone(), state.clone(), state).prop_map(|(project, from, to)| Act::Claim { project, from, to }),
        1 => project.prop_map(|project| Act::Audit { project }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let project = 0..PROJECTS;
    prop_oneof![
        12 => act().prop_map(Step::Tap),
        6 => act().prop_map(Step::Office),
        2 => (0..TASKS, project.clone(), 0..10).prop_map(|(task, project, points)| Step::Row { task, project, points }),
        3 => (1_usize..6).prop_map(|max| Step::Push { max }),
        1 => Just(Step::LostRequest),
        1 => (1_usize..6).prop_map(|max| Step::LostResponse { max }),
        5 => (1_usize..12, 1_usize..4).prop_map(|(page_rows, pages)| Step::Pull { page_rows, pages }),
        1 => Just(Step::Crash),
        2 => project.clone().prop_map(|project| Step::Show { project }),
        1 => project.prop_map(|project| Step::Hide { project }),
        1 => Just(Step::ForgetPasses),
        1 => Just(Step::Stale),
        2 => Just(Step::Retry),
        1 => act().prop_map(Step::Edit),
        1 => Just(Step::Undo),
        1 => Just(Step::UndoGroup),
        1 => Just(Step::UndoUnsent),
        1 => Just(Step::Renew),
    ]
}

fn project_id(project: u8) -> Uuid {
    Uuid::from_u128(0x1000 + u128::from(project))
}

fn task_id(task: u8) -> Uuid {
    Uuid::from_u128(0x2000 + u128::from(task))
}

/// Name and arguments.
fn call(act: &Act, mark: usize) -> (&'static str, String) {
    fn text<M: satchel_protocol::Mutation>(mutation: &M) -> (&'static str, String) {
        (M::NAME, serde_json::to_string(mutation).unwrap())
    }
    let state = |state: &usize| STATES[*state].to_owned();
    match act {
        Act::Create { task, project, points } => text(&Create {
            id: task_id(*task),
            project_id: project_id(*project),
            title: format!("made {mark}"),
            points: *points,
        }),
        Act::Rename { task } => text(&Rename { id: task_id(*task), title: format!("renamed {mark}") }),
        Act::Move { task, state: to } => text(&Move { id: task_id(*task), state: state(to) }),
        Act::Delete { task } => text(&Delete { id: task_id(*task) }),
        Act::Finish { project, done } => text(&Finish { id: project_id(*project), done: *done }),
        Act::Count { project } => text(&Count { id: project_id(*project) }),
        Act::Claim { project, from, to } => {
            text(&Claim { project_id: project_id(*project), from: state(from), to: state(to) })
        }
        Act::Audit { project } => text(&Audit { id: project_id(*project) }),
    }
}

fn take(phone: &mut Phone, server: &mut Server, step: &Step, mark: usize) {
    match step {
        Step::Tap(act) => {
            let (name, args) = call(act, mark);
            phone.store().mutate(name, crate::phone::raw(&args), &context()).unwrap();
        }
        Step::Office(act) => {
            let (name, args) = call(act, mark);
            server.run(name, &args, &context(), Uuid::now_v7());
        }
        Step::Row { task, project, points } => {
            let id = Id::new(task_id(*task));
            let row = Task {
                id,
                rev: 0,
                project_id: project_id(*project).into(),
                title: format!("row {mark}"),
                state: STATES[*points as usize % 3].into(),
                points: *points,
                note: Some("by hand".into()),
            };
            server.write(satchel_protocol::RowKey::of(id), Some(row.to_row()));
        }
        Step::Push { max } => {
            phone.push(server, *max);
        }
        Step::LostRequest => {
            phone.store().next_batch(3, usize::MAX).unwrap();
        }
        Step::LostResponse { max } => {
            let batch = phone.store().next_batch(*max, usize::MAX).unwrap();
            let _ = server.push(phone.store().device_id(), &batch);
        }
        Step::Pull { page_rows, pages } => {
            server.page_rows = *page_rows;
            phone.pull(server, *pages);
        }
        Step::Crash => phone.crash(),
        Step::Show { project } => {
            server.visible.insert(project_id(*project));
        }
        Step::Hide { project } => {
            server.visible.remove(&project_id(*project));
        }
        Step::ForgetPasses => server.forget_passes(),
        Step::Stale => phone.store().forget_cursor().unwrap(),
        Step::Retry => {
            if let Some(attention) = phone.store().attention().unwrap().first() {
                phone.store().retry(attention.entry.key).unwrap();
            }
        }
        Step::Undo => {
            if let Some(attention) = phone.store().attention().unwrap().last() {
                phone.store().undo(attention.entry.key).unwrap();
            }
        }
        Step::Edit(act) => {
            let (name, args) = call(act, mark);
            let attention = phone.store().attention().unwrap();
            if let Some(refused) = attention.iter().find(|refused| refused.entry.name == name) {
                phone.store().edit(refused.entry.key, &crate::phone::raw(&args)).unwrap();
            }
        }
        Step::UndoGroup => {
            if let Some(attention) = phone.store().attention().unwrap().first() {
                phone.store().undo_group(attention.entry.key).unwrap();
            }
        }
        Step::UndoUnsent => {
            let queue = phone.store().queue().unwrap();
            let unsent = |state| matches!(state, QueueState::Pending | QueueState::Held { .. });
            if let Some(entry) = queue.iter().find(|entry| unsent(entry.state)) {
                // One whose number was taken back waits again, but may have arrived: it needs its verdict.
                let undone = phone.store().undo(entry.key);
                assert!(matches!(undone, Ok(()) | Err(StoreError::AlreadySent { .. })), "{undone:?}");
            }
        }
        Step::Renew => {
            phone.store().renew_device_id().unwrap();
        }
    }
}

fn day(steps: &[Step]) {
    let mut server = server();
    for project in 0..PROJECTS {
        let id = Id::new(project_id(project));
        let row = Project { id, rev: 0, title: format!("project {project}"), done: false, total: 0 };
        server.write(satchel_protocol::RowKey::of(id), Some(row.to_row()));
        server.visible.insert(project_id(project));
    }
    for item in 0..5 {
        let id = Id::new(Uuid::from_u128(0x3000 + item));
        let row = Catalog { id, rev: 0, name: format!("item {item}"), price_cents: 1 << 40 };
        server.write(satchel_protocol::RowKey::of(id), Some(row.to_row()));
    }
    let mut phone = Phone::new();
    for (mark, step) in steps.iter().enumerate() {
        take(&mut phone, &mut server, step, mark);
        phone.check();
    }
    // A crash changes nothing.
    let (shown, queue) = (phone.shown(), phone.store().queue_summary());
    phone.crash();
    similar_rows(&phone.shown(), &shown);
    assert_eq!(phone.store().queue_summary(), queue);
    // All is quiet: what is refused is put away, the rest arrives.
    server.page_rows = 7;
    phone.sync(&mut server);
    phone.check();
    // Each round decides on what the one before released, so that there are no more rounds than mutations.
    let most = steps.len() + 1;
    let mut rounds = 0;
    while !phone.store().queue().unwrap().is_empty() {
        for attention in phone.store().attention().unwrap() {
            assert!(matches!(attention.outcome, Outcome::Rejected(_)));
            phone.store().undo(attention.entry.key).unwrap();
            phone.check();
        }
        phone.sync(&mut server);
        rounds += 1;
        assert!(rounds <= most, "wedged: {:?}", phone.store().queue().unwrap());
    }
    similar_rows(&phone.shown(), &server.seen());
    assert!(phone.store().queue().unwrap().is_empty());
}

/// More days by the environment: `PROPTEST_CASES`.
fn config() -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(48);
    Config { cases, max_shrink_iters: 2_000, ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    /// A failure prints the steps that lead to it, and its seed goes to a file beside this one.
    #[test]
    fn any_day_ends_well(steps in prop::collection::vec(step(), 1..60)) {
        day(&steps);
    }
}

/// Found by the above.
#[test]
fn what_is_sent_once_more_after_a_renewal_keeps_its_place() {
    let claim = || Step::Tap(Act::Claim { project: 0, from: 0, to: 0 });
    day(&[
        claim(),
        Step::Push { max: 1 },
        claim(),
        Step::Renew,
        Step::LostRequest,
        Step::Pull { page_rows: 4, pages: 2 },
        Step::LostRequest,
    ]);
}
