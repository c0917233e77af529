//! Holds: a refused mutation keeps back what depends on it, and nothing else; and what a person does about it.

use rusqlite::Connection;
use satchel_client::{
    StoreError,
    store::{QueueState, QueueSummary},
};
use satchel_protocol::{Cell, Id, Mutation, Record, RowKey, wire::Outcome};
use uuid::Uuid;

use crate::{
    phone::{Phone, context, raw, server, similar_rows},
    server::Server,
    trade::*,
};

const PROJECT: Uuid = Uuid::from_u128(0x1000);
const OTHER: Uuid = Uuid::from_u128(0x1001);

fn task(number: u128) -> Uuid {
    Uuid::from_u128(0x2000 + number)
}

fn create(number: u128, project_id: Uuid) -> Create {
    Create { id: task(number), project_id, title: format!("task {number}"), points: 1 }
}

fn rename(number: u128, title: &str) -> Rename {
    Rename { id: task(number), title: title.into() }
}

/// A phone in step with a server of two projects, the first of which the office then finishes without its knowing.
fn refusing() -> (Phone, Server) {
    let mut server = server();
    for id in [PROJECT, OTHER] {
        let row = Project { id: Id::new(id), rev: 0, title: "p".into(), done: false, total: 0 };
        server.write(RowKey::of(row.id), Some(row.to_row()));
        server.visible.insert(id);
    }
    let phone = Phone::new();
    phone.sync(&mut server);
    finish(&mut server, true);
    (phone, server)
}

fn finish(server: &mut Server, done: bool) {
    server.run(Finish::NAME, &format!(r#"{{"id":"{PROJECT}","done":{done}}}"#), &context(), Uuid::now_v7());
}

fn states(phone: &Phone) -> Vec<(Uuid, QueueState)> {
    phone.store().queue().unwrap().iter().map(|entry| (entry.key, entry.state)).collect()
}

fn reason(phone: &Phone, key: Uuid) -> String {
    let attention = phone.store().attention().unwrap().into_iter().find(|attention| attention.entry.key == key);
    match attention.expect("on the list").outcome {
        Outcome::Rejected(rejection) => rejection.reason,
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn a_refusal_holds_what_depends_on_it_and_the_rest_flows() {
    let (mut phone, mut server) = refusing();
    let made = phone.queue(&create(1, PROJECT));
    let named = phone.queue(&rename(1, "depends"));
    let elsewhere = phone.queue(&create(2, OTHER));
    let moved = phone.queue(&Move { id: task(1), state: "busy".into() });
    phone.push(&mut server, 1);
    phone.check();
    let held = QueueState::Held { by: made };
    let expected = [(made, QueueState::Rejected), (named, held), (elsewhere, QueueState::Pending), (moved, held)];
    assert_eq!(states(&phone), expected);
    let summary = phone.store().queue_summary();
    assert_eq!(summary, QueueSummary { pending: 1, rejected: 1, held: 2, may_be_refused: 2, ..summary });
    let attention = phone.store().attention().unwrap();
    assert_eq!((attention.len(), &attention[0].holds), (1, &vec![named, moved]));
    // A crash changes nothing, and nothing that is held is sent.
    phone.crash();
    assert_eq!(states(&phone), expected);
    phone.sync(&mut server);
    assert!(server.rows.contains_key(&RowKey::of(Id::<Task>::new(task(2)))));
    assert_eq!(states(&phone).len(), 3);
    phone.check();
}

#[test]
fn what_touches_the_same_rows_but_needs_none_of_them_is_not_held() {
    let (phone, mut server) = refusing();
    phone.queue(&create(1, PROJECT));
    // Counts the points of the tasks there are, with or without the new one.
    let counted = phone.queue(&Count { id: PROJECT });
    phone.push(&mut server, 1);
    phone.check();
    assert_eq!(states(&phone)[1], (counted, QueueState::Pending));
    phone.sync(&mut server);
    assert_eq!(states(&phone).len(), 1);
}

#[test]
fn a_hold_found_by_an_index_read() {
    let (phone, mut server) = refusing();
    phone.sync(&mut server);
    finish(&mut server, false);
    phone.sync(&mut server);
    phone.queue(&create(1, PROJECT));
    phone.sync(&mut server);
    // The office deletes the task; the phone shuts it, and can finish only because no task is open then.
    server.run(Delete::NAME, &format!(r#"{{"id":"{}"}}"#, task(1)), &context(), Uuid::now_v7());
    let shut = phone.queue(&Move { id: task(1), state: "shut".into() });
    let finished = phone.queue(&Finish { id: PROJECT, done: true });
    phone.push(&mut server, 1);
    assert_eq!(states(&phone), [(shut, QueueState::Rejected), (finished, QueueState::Held { by: shut })]);
    phone.check();
    // The delta says that the task is gone: nothing is open, so nothing is in the way any more.
    phone.sync(&mut server);
    assert_eq!(states(&phone), [(shut, QueueState::Rejected)]);
    assert_eq!(server.rows[&RowKey::of(Id::<Project>::new(PROJECT))][3], Cell::Boolean(true));
}

#[test]
fn holds_are_transitive() {
    let (phone, mut server) = refusing();
    let made = phone.queue(&create(1, PROJECT));
    let moved = phone.queue(&Move { id: task(1), state: "busy".into() });
    let claimed = phone.queue(&Move { id: task(1), state: "open".into() });
    phone.push(&mut server, 1);
    assert_eq!(states(&phone)[1], (moved, QueueState::Held { by: made }));
    assert_eq!(states(&phone)[2], (claimed, QueueState::Held { by: made }));
    assert_eq!(phone.store().attention().unwrap()[0].holds, [moved, claimed]);
    phone.store().undo_group(made).unwrap();
    assert!(states(&phone).is_empty());
    phone.check();
    similar_rows(&phone.shown(), &phone.server_rows());
}

#[test]
fn a_retry_takes_what_it_held_along_in_order() {
    let (phone, mut server) = refusing();
    let made = phone.queue(&create(1, PROJECT));
    let named = phone.queue(&rename(1, "first"));
    let elsewhere = phone.queue(&create(2, OTHER));
    let again = phone.queue(&rename(1, "second"));
    phone.push(&mut server, 1);
    phone.sync(&mut server);
    finish(&mut server, false);
    phone.sync(&mut server);
    let anew = phone.store().retry(made).unwrap();
    phone.check();
    let pending = QueueState::Pending;
    assert_eq!(states(&phone), [(anew, pending), (named, pending), (again, pending)]);
    let batch = phone.store().next_batch(10, usize::MAX).unwrap();
    assert_eq!(batch.iter().map(|pushed| pushed.seq).collect::<Vec<_>>(), [3, 4, 5], "without a gap");
    assert_eq!((batch[0].retry_of, batch[1].retry_of), (Some(made), None));
    phone.sync(&mut server);
    assert_eq!(server.rows[&RowKey::of(Id::<Task>::new(task(1)))][3].as_text(), Some("second"));
    assert!(states(&phone).is_empty());
    let history = phone.store().history(10).unwrap();
    let old = history.iter().find(|past| past.key == made).unwrap();
    assert_eq!(old.replaced_by, Some(anew));
    assert!(matches!(&old.outcome, Outcome::Rejected(rejection) if rejection.reason == "project.done"));
    assert_eq!(history.iter().find(|past| past.key == anew).unwrap().retry_of, Some(made));
    assert!(history.iter().any(|past| past.key == elsewhere));
}

#[test]
fn what_was_refused_together_is_grouped_and_sent_again_together() {
    let (phone, mut server) = refusing();
    let made = phone.queue(&create(1, PROJECT));
    let named = phone.queue(&rename(1, "depends"));
    phone.queue(&create(2, OTHER));
    phone.push(&mut server, 10);
    phone.sync(&mut server);
    let attention = phone.store().attention().unwrap();
    assert_eq!(attention.iter().map(|item| item.because_of).collect::<Vec<_>>(), [None, Some(made)]);
    finish(&mut server, false);
    phone.sync(&mut server);
    phone.store().retry(made).unwrap();
    assert!(phone.store().attention().unwrap().is_empty());
    let queue = phone.store().queue().unwrap();
    assert_eq!(queue.iter().map(|entry| entry.retry_of).collect::<Vec<_>>(), [Some(made), Some(named)]);
    phone.sync(&mut server);
    assert_eq!(server.rows[&RowKey::of(Id::<Task>::new(task(1)))][3].as_text(), Some("depends"));
    assert!(states(&phone).is_empty());
}

#[test]
fn an_edit_is_a_new_mutation_and_the_old_one_stays_in_the_history() {
    let (phone, mut server) = refusing();
    let made = phone.queue(&create(1, PROJECT));
    let named = phone.queue(&rename(1, "depends"));
    phone.push(&mut server, 1);
    let wrong = phone.store().edit(made, &raw(r#"{"id":7}"#));
    assert!(matches!(wrong, Err(StoreError::Arguments(_))), "{wrong:?}");
    assert_eq!(states(&phone).len(), 2, "a wrong edit loses nothing");
    let corrected = raw(&serde_json::to_string(&create(1, OTHER)).unwrap());
    let anew = phone.store().edit(made, &corrected).unwrap();
    phone.check();
    assert_eq!(states(&phone), [(anew, QueueState::Pending), (named, QueueState::Pending)]);
    phone.sync(&mut server);
    let row = &server.rows[&RowKey::of(Id::<Task>::new(task(1)))];
    assert_eq!((row[2].as_uuid(), row[3].as_text()), (Some(OTHER), Some("depends")));
    let history = phone.store().history(1_000).unwrap();
    let old = history.iter().find(|past| past.key == made).unwrap();
    assert_eq!((old.replaced_by, old.args.get()), (Some(anew), &*serde_json::to_string(&create(1, PROJECT)).unwrap()));
}

#[test]
fn taking_one_back_leaves_what_it_held_to_the_server() {
    let (phone, mut server) = refusing();
    let made = phone.queue(&create(1, PROJECT));
    let named = phone.queue(&rename(1, "depends"));
    phone.push(&mut server, 1);
    let elsewhere = phone.queue(&create(2, OTHER));
    phone.push(&mut server, 1);
    phone.store().undo(made).unwrap();
    phone.check();
    // Others were sent meanwhile, so it goes after them.
    let order: Vec<Uuid> = states(&phone).into_iter().map(|(key, _)| key).collect();
    assert_eq!(order, [elsewhere, named]);
    phone.sync(&mut server);
    assert_eq!(reason(&phone, named), "task.not_found");
}

#[test]
fn a_held_one_can_be_taken_back_by_itself() {
    let (phone, mut server) = refusing();
    let made = phone.queue(&create(1, PROJECT));
    let moved = phone.queue(&Move { id: task(1), state: "busy".into() });
    let named = phone.queue(&rename(1, "depends"));
    phone.push(&mut server, 1);
    phone.queue(&create(2, OTHER));
    phone.sync(&mut server);
    phone.store().undo(moved).unwrap();
    phone.check();
    assert_eq!(states(&phone), [(made, QueueState::Rejected), (named, QueueState::Held { by: made })]);
}

#[test]
fn a_restored_server_releases_what_waits_for_a_verdict_it_does_not_know() {
    let (phone, mut server) = refusing();
    let backup = server.clone();
    let made = phone.queue(&create(1, PROJECT));
    let named = phone.queue(&rename(1, "depends"));
    phone.push(&mut server, 1);
    phone.queue(&create(2, OTHER));
    phone.sync(&mut server);
    assert!(states(&phone).contains(&(named, QueueState::Held { by: made })));
    let mut server = backup;
    finish(&mut server, false);
    phone.store().forget_cursor().unwrap();
    phone.sync(&mut server);
    phone.check();
    assert!(states(&phone).is_empty(), "{:?}", states(&phone));
    assert_eq!(server.rows[&RowKey::of(Id::<Task>::new(task(1)))][3].as_text(), Some("depends"));
}

#[test]
fn a_file_of_the_version_before_holds_is_upgraded_with_its_queue() {
    let (mut phone, mut server) = refusing();
    let made = phone.queue(&create(1, PROJECT));
    let waiting = phone.queue(&create(2, OTHER));
    phone.push(&mut server, 1);
    phone.close();
    let connection = Connection::open(phone.path()).unwrap();
    // As the build before wrote it.
    connection
        .execute_batch(
            "alter table _queue drop column because_of;
             alter table _queue drop column held;
             alter table _queue drop column retry_of;
             alter table _history drop column retry_of;
             alter table _history drop column replaced_by;
             alter table _queue drop column handed;
             alter table _history drop column settlement;
             pragma user_version = 1;",
        )
        .unwrap();
    drop(connection);
    phone.reopen();
    phone.check();
    assert_eq!(states(&phone), [(made, QueueState::Rejected), (waiting, QueueState::Pending)]);
    phone.queue(&rename(2, "after the upgrade"));
    phone.sync(&mut server);
    let anew = phone.store().retry(made).unwrap();
    let history = phone.store().history(10).unwrap();
    assert_eq!(history.iter().find(|past| past.key == made).unwrap().replaced_by, Some(anew));
    phone.sync(&mut server);
    phone.check();
}
