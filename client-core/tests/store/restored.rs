//! What a server restored from a backup is not fed again.

use satchel_client::store::QueueState;
use satchel_protocol::{Id, Mutation, Record, RowKey};
use uuid::Uuid;

use crate::{
    phone::{Phone, context, server, similar_rows},
    trade::{Create, Finish, Project},
};

const PROJECT: Uuid = Uuid::from_u128(0x1000);

fn create(number: u128) -> Create {
    Create { id: Uuid::from_u128(0x2000 + number), project_id: PROJECT, title: "t".into(), points: 1 }
}

#[test]
fn what_was_refused_and_taken_back_or_queued_anew_stays_out() {
    let mut server = server();
    let id = Id::new(PROJECT);
    let row = Project { id, rev: 0, title: "p".into(), done: false, total: 0 };
    server.write(RowKey::of(id), Some(row.to_row()));
    server.visible.insert(PROJECT);
    let phone = Phone::new();
    phone.sync(&mut server);
    let backup = server.clone();
    let finish = |server: &mut crate::server::Server, done: bool| {
        server.run(Finish::NAME, &format!(r#"{{"id":"{PROJECT}","done":{done}}}"#), &context(), Uuid::now_v7());
    };
    // Refused while the project is finished: one is undone, the other queued anew.
    finish(&mut server, true);
    let undone = phone.queue(&create(1));
    let again = phone.queue(&create(2));
    phone.push(&mut server, 10);
    finish(&mut server, false);
    phone.store().undo(undone).unwrap();
    let anew = phone.store().retry(again).unwrap();
    phone.sync(&mut server);
    // The backup would accept all of them.
    let mut server = backup;
    phone.store().forget_cursor().unwrap();
    phone.pull(&mut server, 1).unwrap();
    let queue = phone.store().queue().unwrap();
    let queued: Vec<_> = queue.iter().map(|entry| (entry.key, entry.state)).collect();
    assert_eq!(queued, [(anew, QueueState::Pending)]);
    phone.sync(&mut server);
    assert_eq!(server.rows.keys().filter(|key| key.table == "task").count(), 1);
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}

#[test]
fn what_was_accepted_and_lost_before_its_delta_came_is_sent_again() {
    let mut server = server();
    let id = Id::new(PROJECT);
    let row = Project { id, rev: 0, title: "p".into(), done: false, total: 0 };
    server.write(RowKey::of(id), Some(row.to_row()));
    server.visible.insert(PROJECT);
    let phone = Phone::new();
    phone.sync(&mut server);
    let backup = server.clone();
    let key = phone.queue(&create(1));
    phone.push(&mut server, 10);
    // The server goes back to its backup before the phone has heard of its effects.
    let mut server = backup;
    phone.store().forget_cursor().unwrap();
    phone.pull(&mut server, 1).unwrap();
    let queue = phone.store().queue().unwrap();
    let queued: Vec<_> = queue.iter().map(|entry| (entry.key, entry.state)).collect();
    assert_eq!(queued, [(key, QueueState::Sending)]);
    phone.sync(&mut server);
    assert_eq!(server.rows.keys().filter(|key| key.table == "task").count(), 1);
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}

#[test]
fn what_was_accepted_under_an_earlier_device_id_reaches_a_restored_server() {
    let mut server = server();
    let id = Id::new(PROJECT);
    let row = Project { id, rev: 0, title: "p".into(), done: false, total: 0 };
    server.write(RowKey::of(id), Some(row.to_row()));
    server.visible.insert(PROJECT);
    let phone = Phone::new();
    phone.sync(&mut server);
    let backup = server.clone();
    phone.queue(&create(1));
    phone.sync(&mut server);
    // Another phone counts under the same id; then the server goes back.
    phone.store().renew_device_id().unwrap();
    phone.check();
    similar_rows(&phone.shown(), &server.seen());
    phone.sync(&mut server);
    assert!(phone.store().queue().unwrap().is_empty());
    let mut server = backup;
    phone.store().forget_cursor().unwrap();
    phone.sync(&mut server);
    assert_eq!(server.rows.keys().filter(|key| key.table == "task").count(), 1);
    similar_rows(&phone.shown(), &server.seen());
}
