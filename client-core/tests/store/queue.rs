//! The queue: what goes in, what goes out, and when it leaves.

use satchel_client::{
    StoreError,
    store::{Mutated, QueueState},
};
use satchel_protocol::{Id, Mutation, Record, RowKey, limits::ARGS_BYTES, wire::Outcome};
use uuid::Uuid;

use crate::{
    phone::{Phone, context, raw, server, similar_rows},
    server::{Refusal, Server},
    trade::*,
};

const PROJECT: Uuid = Uuid::from_u128(0x1000);

fn task(number: u128) -> Uuid {
    Uuid::from_u128(0x2000 + number)
}

fn create(number: u128) -> Create {
    Create { id: task(number), project_id: PROJECT, title: format!("task {number}"), points: 1 }
}

/// A phone in step with a server that has one project.
fn ready() -> (Phone, Server) {
    let mut server = server();
    let id = Id::new(PROJECT);
    let row = Project { id, rev: 0, title: "p".into(), done: false, total: 0 };
    server.write(RowKey::of(id), Some(row.to_row()));
    server.visible.insert(PROJECT);
    let phone = Phone::new();
    phone.sync(&mut server);
    (phone, server)
}

fn states(phone: &Phone) -> Vec<QueueState> {
    phone.store().queue().unwrap().iter().map(|entry| entry.state).collect()
}

#[test]
fn what_a_rule_refuses_is_not_queued() {
    let (phone, _) = ready();
    let refused = phone.mutate(&Rename { id: task(1), title: "x".into() });
    assert!(matches!(refused, Mutated::Refused(rejection) if rejection.reason == "task.not_found"));
    phone.queue(&create(1));
    let refused = phone.mutate(&create(1));
    assert!(matches!(refused, Mutated::Refused(rejection) if rejection.reason == "task.exists"));
    assert_eq!(states(&phone), [QueueState::Pending]);
    phone.check();
}

#[test]
fn wrong_calls_are_typed_errors() {
    let (phone, _) = ready();
    let call = |name: &str, args: &str| phone.store().mutate(name, raw(args), &context());
    assert!(matches!(call("task/v9/fly", "{}"), Err(StoreError::UnknownMutation { name }) if name == "task/v9/fly"));
    assert!(matches!(call("task/v1/rename", r#"{"id":5}"#), Err(StoreError::Arguments(_))));
    let long = format!("\"{}\"", "x".repeat(ARGS_BYTES));
    assert!(matches!(call("task/v1/rename", &long), Err(StoreError::ArgumentsTooLarge { .. })));
    assert!(matches!(phone.store().undo(task(1)), Err(StoreError::NotQueued { .. })));
    assert!(matches!(phone.store().retry(task(1)), Err(StoreError::NotQueued { .. })));
    assert!(states(&phone).is_empty());
}

#[test]
fn a_server_only_rule_is_queued_unrun() {
    let (phone, mut server) = ready();
    let queued = phone.mutate(&Audit { id: PROJECT });
    assert!(matches!(queued, Mutated::Queued { output: None, .. }));
    phone.check();
    phone.sync(&mut server);
    let title = phone.shown()[&RowKey::of(Id::<Project>::new(PROJECT))][2].clone();
    assert_eq!(title.as_text(), Some("p!"));
}

#[test]
fn a_batch_is_the_same_until_decided() {
    let (mut phone, mut server) = ready();
    for number in 0..5 {
        phone.queue(&create(number));
    }
    let seqs = |phone: &Phone, max, bytes| {
        let batch = phone.store().next_batch(max, bytes).unwrap();
        batch.iter().map(|pushed| (pushed.seq, pushed.key)).collect::<Vec<_>>()
    };
    let first = seqs(&phone, 3, usize::MAX);
    assert_eq!(first.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [1, 2, 3]);
    phone.reopen();
    assert_eq!(seqs(&phone, 3, usize::MAX), first);
    assert_eq!(seqs(&phone, 100, 1).len(), 1, "one always fits");
    let batch = phone.store().next_batch(3, usize::MAX).unwrap();
    // The response is lost; the same batch is sent again.
    server.push(phone.store().device_id(), &batch).unwrap();
    let response = server.push(phone.store().device_id(), &batch).unwrap();
    assert_eq!(phone.store().apply_push(&response).unwrap().settled, 3);
    assert_eq!(phone.store().apply_push(&response).unwrap().settled, 0);
    assert_eq!(seqs(&phone, 100, usize::MAX).iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [4, 5]);
}

#[test]
fn an_accepted_mutation_leaves_with_the_delta_that_contains_it() {
    let (phone, mut server) = ready();
    phone.queue(&create(1));
    phone.push(&mut server, 10);
    assert_eq!(states(&phone), [QueueState::Accepted]);
    assert!(phone.shown().contains_key(&RowKey::of(Id::<Task>::new(task(1)))));
    phone.pull(&mut server, 1);
    assert!(states(&phone).is_empty());
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}

#[test]
fn a_lost_verdict_comes_with_the_delta() {
    let (phone, mut server) = ready();
    phone.queue(&create(1));
    let batch = phone.store().next_batch(10, usize::MAX).unwrap();
    server.push(phone.store().device_id(), &batch).unwrap();
    let applied = phone.pull(&mut server, 1).unwrap();
    assert_eq!(applied.settled, 1);
    assert!(states(&phone).is_empty());
}

#[test]
fn a_mutation_never_leaves_without_its_verdict() {
    let (phone, mut server) = ready();
    phone.queue(&create(1));
    let batch = phone.store().next_batch(10, usize::MAX).unwrap();
    let response = server.push(phone.store().device_id(), &batch).unwrap();
    let request = phone.store().pull_request().unwrap();
    let mut page: serde_json::Value = serde_json::from_str(&server.pull(&request).unwrap()).unwrap();
    page.as_object_mut().unwrap().remove("verdicts");
    phone.store().apply_page(&page.to_string()).unwrap();
    // Its effects are the server's rows now; running it over them once more would show it twice.
    similar_rows(&phone.shown(), &server.seen());
    assert_eq!(states(&phone), [QueueState::Sending]);
    assert_eq!(phone.store().pull_request().unwrap().verdicts_through, 0);
    assert_eq!(phone.store().next_batch(10, usize::MAX).unwrap()[0].seq, 1);
    phone.store().apply_push(&response).unwrap();
    assert!(states(&phone).is_empty());
    assert_eq!(phone.store().pull_request().unwrap().verdicts_through, 1);
}

#[test]
fn a_refused_mutation_needs_attention_and_stops_only_what_depends_on_it() {
    let (phone, mut server) = ready();
    // The office finishes the project first: nothing may be added to it.
    server.run(Finish::NAME, &format!(r#"{{"id":"{PROJECT}","done":true}}"#), &context(), Uuid::now_v7());
    let refused = phone.queue(&create(1));
    phone.queue(&Rename { id: task(1), title: "depends".into() });
    phone.queue(&Count { id: PROJECT });
    phone.push(&mut server, 1);
    phone.check();
    assert_eq!(states(&phone), [QueueState::Rejected, QueueState::Held { by: refused }, QueueState::Pending]);
    let queue = phone.store().queue().unwrap();
    assert_eq!(queue[1].may_be_refused.as_ref().unwrap().reason, "task.not_found");
    assert!(queue[2].may_be_refused.is_none());
    let attention = phone.store().attention().unwrap();
    assert_eq!(attention.len(), 1);
    assert!(matches!(&attention[0].outcome, Outcome::Rejected(rejection) if rejection.reason == "project.done"));
    assert_eq!(attention[0].entry.args.get(), serde_json::to_string(&create(1)).unwrap());

    // Tried again once the office has opened it: under a new key, after the others.
    server.run(Finish::NAME, &format!(r#"{{"id":"{PROJECT}","done":false}}"#), &context(), Uuid::now_v7());
    let again = phone.store().retry(refused).unwrap();
    assert_ne!(again, refused);
    phone.check();
    phone.sync(&mut server);
    assert_eq!(server.rows[&RowKey::of(Id::<Task>::new(task(1)))][3].as_text(), Some("depends"));
    assert!(phone.store().attention().unwrap().is_empty());
    similar_rows(&phone.shown(), &server.seen());
}

#[test]
fn an_unsent_mutation_can_be_taken_back() {
    let (phone, mut server) = ready();
    let first = phone.queue(&create(1));
    let second = phone.queue(&Move { id: task(1), state: "busy".into() });
    phone.store().undo(second).unwrap();
    phone.check();
    phone.store().next_batch(10, usize::MAX).unwrap();
    assert!(matches!(phone.store().undo(first), Err(StoreError::AlreadySent { .. })));
    // Its number is taken back, but it may have arrived all the same: it needs a verdict.
    phone.store().renew_device_id().unwrap();
    assert!(matches!(phone.store().undo(first), Err(StoreError::AlreadySent { .. })));
    phone.sync(&mut server);
    similar_rows(&phone.shown(), &server.seen());
}

#[test]
fn a_restored_server_is_fed_again() {
    let (phone, mut server) = ready();
    phone.queue(&create(1));
    phone.sync(&mut server);
    let backup = server.clone();
    phone.queue(&create(2));
    phone.queue(&Move { id: task(1), state: "busy".into() });
    phone.queue(&create(2 << 4));
    phone.sync(&mut server);
    let after = server.seen();
    let mut server = backup;
    // It says so at the next push, or the next delta.
    phone.queue(&create(3));
    let batch = phone.store().next_batch(10, usize::MAX).unwrap();
    assert_eq!(server.push(phone.store().device_id(), &batch).unwrap_err(), Refusal::SequenceGap(2));
    let pushed = phone.store().renumber_from(2).unwrap();
    assert_eq!(pushed.refed, 3);
    phone.store().forget_cursor().unwrap();
    let seqs: Vec<_> = phone.store().next_batch(10, usize::MAX).unwrap().iter().map(|pushed| pushed.seq).collect();
    assert_eq!(seqs, [2, 3, 4, 5]);
    phone.pull(&mut server, 1);
    phone.check();
    phone.sync(&mut server);
    assert_eq!(server.seen().len(), after.len() + 1);
    similar_rows(&phone.shown(), &server.seen());
}

#[test]
fn a_restored_server_is_fed_again_by_its_delta() {
    let (phone, mut server) = ready();
    let backup = server.clone();
    phone.queue(&create(1));
    phone.sync(&mut server);
    let mut server = backup;
    phone.store().forget_cursor().unwrap();
    let applied = phone.pull(&mut server, 1).unwrap();
    assert_eq!(applied.refed, 1);
    phone.check();
    phone.sync(&mut server);
    assert!(server.rows.contains_key(&RowKey::of(Id::<Task>::new(task(1)))));
}

#[test]
fn a_clone_finds_itself_out() {
    let (phone, mut server) = ready();
    phone.queue(&create(1));
    phone.sync(&mut server);
    // Another phone with this device id sends its second mutation.
    let mut other = phone.store().next_batch(1, 1).unwrap();
    assert!(other.is_empty());
    let args = raw(&serde_json::to_string(&create(9)).unwrap());
    let context_text = raw(&serde_json::to_string(&context()).unwrap());
    other.push(satchel_protocol::wire::PushedMutation {
        seq: 2,
        key: Uuid::from_u128(7),
        name: Create::NAME.into(),
        args,
        context: context_text,
        retry_of: None,
    });
    server.push(phone.store().device_id(), &other).unwrap();
    assert!(phone.pull(&mut server, 1).unwrap().cloned, "a number it never gave");
    phone.queue(&create(2));
    phone.store().next_batch(10, usize::MAX).unwrap();
    let device_id = phone.store().device_id();
    assert!(phone.pull(&mut server, 1).unwrap().cloned, "another key at its number");
    phone.store().renew_device_id().unwrap();
    assert_ne!(phone.store().device_id(), device_id);
    phone.check();
    phone.sync(&mut server);
    similar_rows(&phone.shown(), &server.seen());
    assert!(server.rows.contains_key(&RowKey::of(Id::<Task>::new(task(2)))));
}

#[test]
fn a_new_device_id_keeps_what_was_accepted_until_it_comes_back() {
    let (phone, mut server) = ready();
    phone.queue(&create(1));
    phone.push(&mut server, 10);
    phone.queue(&create(2));
    phone.store().renew_device_id().unwrap();
    phone.check();
    phone.pull(&mut server, 1);
    phone.check();
    // Contained, it is sent once more, for the server to know it under the new id.
    assert_eq!(states(&phone), [QueueState::Pending; 2]);
    phone.sync(&mut server);
    assert_eq!(states(&phone), []);
    similar_rows(&phone.shown(), &server.seen());
}

#[test]
fn a_delta_under_a_thousand_undecided_mutations_applies_at_once() {
    let (phone, mut server) = ready();
    for number in 0..50 {
        let row = Task {
            id: Id::new(task(number)),
            rev: 0,
            project_id: PROJECT.into(),
            title: "t".into(),
            state: "open".into(),
            points: 1,
            note: None,
        };
        server.write(RowKey::of(row.id), Some(row.to_row()));
    }
    phone.sync(&mut server);
    for number in 0..1_000 {
        match number % 4 {
            0 => phone.queue(&create(1_000 + number)),
            1 => phone.queue(&Rename { id: task(number % 50), title: format!("mine {number}") }),
            2 => phone.queue(&Move { id: task(number % 50), state: format!("state {number}") }),
            _ => phone.queue(&Move { id: task(1_000 + number / 4 * 4), state: format!("state {number}") }),
        };
    }
    for number in 0..50 {
        let mut row = server.rows[&RowKey::of(Id::<Task>::new(task(number)))].clone();
        row[6] = "from the office".into();
        server.write(RowKey::of(Id::<Task>::new(task(number))), Some(row));
    }
    phone.pull(&mut server, 1);
    phone.check();
    assert_eq!(phone.store().queue_summary().pending, 1_000);
    let row = &phone.shown()[&RowKey::of(Id::<Task>::new(task(1)))];
    assert_eq!(row[6].as_text(), Some("from the office"));
    assert!(row[3].as_text().unwrap().starts_with("mine"));
    phone.sync(&mut server);
    similar_rows(&phone.shown(), &server.seen());
}

#[test]
fn a_mutation_that_no_push_can_carry_is_set_aside_and_gives_its_number_to_the_next() {
    let (phone, mut server) = ready();
    let keys: Vec<Uuid> = (0..3).map(|number| phone.queue(&create(number))).collect();
    phone.store().next_batch(3, usize::MAX).unwrap();
    let why = satchel_protocol::Rejection::new(
        satchel_protocol::ErrorCode::PayloadTooLarge,
        "push.refused",
        "This change is too large to be sent.",
    );
    phone.store().set_aside(keys[0], why.clone()).unwrap();
    assert!(matches!(phone.store().set_aside(keys[0], why.clone()), Err(StoreError::NotQueued { .. })));
    phone.check();
    let attention = phone.store().attention().unwrap();
    assert_eq!(attention.len(), 1);
    assert_eq!((attention[0].entry.key, &attention[0].outcome), (keys[0], &Outcome::Rejected(why)));
    let batch = phone.store().next_batch(3, usize::MAX).unwrap();
    let numbered: Vec<_> = batch.iter().map(|pushed| (pushed.seq, pushed.key)).collect();
    assert_eq!(numbered, [(1, keys[1]), (2, keys[2])]);
    // The server never had it, so nothing is missing between the two sides.
    phone.sync(&mut server);
    assert_eq!(states(&phone), [QueueState::Rejected]);
    phone.store().retry(keys[0]).unwrap();
    phone.sync(&mut server);
    assert!(states(&phone).is_empty());
    phone.check();
}

#[test]
fn a_gap_that_cannot_be_is_closed_by_numbering_anew() {
    let (phone, _) = ready();
    let keys: Vec<Uuid> = (1..=4).map(|number| phone.queue(&create(number))).collect();
    let seqs = || -> Vec<(u64, Uuid)> {
        let batch = phone.store().next_batch(10, 100_000).unwrap();
        batch.into_iter().map(|sent| (sent.seq, sent.key)).collect()
    };
    let expected: Vec<(u64, Uuid)> = (1..).zip(keys).collect();
    assert_eq!(seqs(), expected);
    // The server expects a number that was given out and not decided on: nothing is missing.
    for expected_seq in [1, 3, 4, 5] {
        let pushed = phone.store().renumber_from(expected_seq).unwrap();
        assert!(!pushed.cloned && pushed.refed == 0);
        let taken_back = phone.store().queue().unwrap().iter().filter(|entry| entry.seq.is_none()).count();
        assert_eq!(taken_back, usize::try_from(5 - expected_seq).unwrap(), "numbered anew from {expected_seq}");
        assert_eq!(seqs(), expected, "without a gap, in the old order, under the old keys");
    }
    assert!(phone.store().renumber_from(6).unwrap().cloned, "beyond what was ever given out");
    phone.check();
}
