//! Clearing a file: not before what only this phone has is away, unless the organization says so.

use satchel_client::{StoreError, store::QueueState};
use satchel_protocol::{Id, Mutation, Record, Rejection, RowKey, wire::Wipe};
use uuid::Uuid;

use crate::{
    phone::{Phone, context, server},
    server::Server,
    trade::*,
};

const PROJECT: Uuid = Uuid::from_u128(0x1000);
const TASK: Uuid = Uuid::from_u128(0x2001);

fn create() -> Create {
    Create { id: TASK, project_id: PROJECT, title: "task".into(), points: 1 }
}

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

/// The server asks.
fn ask(phone: &Phone, how: &str) {
    phone.store().apply_page(&format!(r#"{{"cursor":"elsewhere","wipe":"{how}"}}"#)).unwrap();
}

fn refuses_everything(mut phone: Phone) {
    let args = serde_json::value::to_raw_value(&create()).unwrap();
    let refused = phone.store().mutate(Create::NAME, args, &context()).unwrap_err();
    assert!(matches!(refused, StoreError::Wiping { .. }), "{refused}");
    let device_id = phone.store().device_id();
    // Also found by the next run.
    phone.close();
    assert!(matches!(phone.open().unwrap_err(), StoreError::Wiping { device_id: told } if told == device_id));
}

#[test]
fn unsent_work_keeps_the_file() {
    let (mut phone, mut server) = ready();
    assert!(!phone.store().begin_wipe().unwrap(), "nobody asked");
    phone.queue(&create());
    for word in ["after_upload", "a word of a later build"] {
        ask(&phone, word);
        assert_eq!(phone.store().wipe(), Some(Wipe::AfterUpload));
        assert!(!phone.store().begin_wipe().unwrap());
    }
    phone.reopen();
    assert_eq!(phone.store().wipe(), Some(Wipe::AfterUpload), "it is not forgotten");
    // What the server cannot take is nowhere but here.
    let key = phone.store().next_batch(1, 10_000).unwrap()[0].key;
    phone.store().set_aside(key, Rejection::bad_request("push.refused", "Too large.")).unwrap();
    assert!(!phone.store().begin_wipe().unwrap());
    phone.store().retry(key).unwrap();
    phone.push(&mut server, 10);
    assert!(phone.store().begin_wipe().unwrap(), "the server has it");
    refuses_everything(phone);
}

#[test]
fn an_organization_that_does_not_wait_is_obeyed() {
    let (phone, _) = ready();
    phone.queue(&create());
    ask(&phone, "at_once");
    assert!(phone.store().begin_wipe().unwrap());
    refuses_everything(phone);
}

#[test]
fn nothing_waits_for_a_person_any_more() {
    let (phone, mut server) = ready();
    // Refused by the server alone, and another that stands on it.
    server.run(Finish::NAME, &format!(r#"{{"id":"{PROJECT}","done":true}}"#), &context(), Uuid::now_v7());
    phone.queue(&create());
    phone.queue(&Rename { id: TASK, title: "other".into() });
    phone.push(&mut server, 1);
    let states =
        |phone: &Phone| -> Vec<QueueState> { phone.store().queue().unwrap().iter().map(|entry| entry.state).collect() };
    assert!(matches!(states(&phone)[..], [QueueState::Rejected, QueueState::Held { .. }]), "{:?}", states(&phone));
    ask(&phone, "after_upload");
    assert!(!phone.store().begin_wipe().unwrap(), "one is held, and nobody but this phone has it");
    assert!(phone.store().upload_all(&context()).unwrap());
    assert_eq!(states(&phone), [QueueState::Rejected, QueueState::Pending]);
    phone.check();
    phone.push(&mut server, 10);
    assert_eq!(states(&phone), [QueueState::Rejected, QueueState::Rejected]);
    assert!(!phone.store().upload_all(&context()).unwrap(), "a trade without an inbox");
    assert!(phone.store().begin_wipe().unwrap(), "the server has both");
}
