//! Files of every version of the bookkeeping tables, as builds of that time left them on phones, opened by this one
//! (powersync-js#1058: an update of the core broke the queue).
//!
//! Invariants: a file is never changed once landed; every version has one; each has a queue in every state that its
//! version knows. `SATCHEL_BLESS=1` writes the file of a version that has none yet.

use std::{collections::BTreeMap, fs, path::PathBuf};

use rusqlite::Connection;
use satchel_client::store::QueueState;
use satchel_protocol::{Id, Mutation, Record, RowKey};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    phone::{Phone, context, server, similar_rows},
    server::Server,
    trade::{Create, Finish, Project, Rename},
};

const PROJECT: Uuid = Uuid::from_u128(0x1000);
/// Tasks that somebody entered, in the queue or before.
const TASKS: usize = 5;
/// Rounds of retries that a corrected queue needs at most: one for each of a chain.
const ROUNDS: usize = 3;

/// What a person would miss.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    device_id: Uuid,
    queue: Vec<Queued>,
    /// Keys of what left the queue.
    history: Vec<Uuid>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Queued {
    key: Uuid,
    name: String,
    args: String,
    state: String,
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name)
}

fn task(number: u128) -> Uuid {
    Uuid::from_u128(0x2000 + number)
}

fn create(number: u128) -> Create {
    Create { id: task(number), project_id: PROJECT, title: format!("task {number}"), points: 1 }
}

fn with_project() -> Server {
    let mut server = server();
    let id = Id::new(PROJECT);
    let row = Project { id, rev: 0, title: "p".into(), done: false, total: 0 };
    server.write(RowKey::of(id), Some(row.to_row()));
    server.visible.insert(PROJECT);
    server
}

fn kept(phone: &Phone) -> Kept {
    let state = |state| match state {
        QueueState::Pending => "pending",
        QueueState::Sending => "sending",
        QueueState::Accepted => "accepted",
        QueueState::Rejected => "rejected",
        QueueState::Held { .. } => "held",
    };
    let queue = phone.store().queue().unwrap();
    let queue = queue.into_iter().map(|entry| Queued {
        key: entry.key,
        name: entry.name,
        args: entry.args.get().to_owned(),
        state: state(entry.state).to_owned(),
    });
    let history = phone.store().history(100).unwrap();
    Kept {
        device_id: phone.store().device_id(),
        queue: queue.collect(),
        history: history.iter().map(|past| past.key).collect(),
    }
}

/// A phone whose queue has something in every state.
fn busy() -> Phone {
    let mut server = with_project();
    let phone = Phone::new();
    phone.sync(&mut server);
    phone.queue(&create(1));
    phone.sync(&mut server);
    // Refused while the project is finished, which the phone does not know yet; what depends on it is held.
    let finish = |server: &mut Server, done| {
        server.run(Finish::NAME, &format!(r#"{{"id":"{PROJECT}","done":{done}}}"#), &context(), Uuid::now_v7());
    };
    let mut other = with_project();
    finish(&mut other, true);
    server
        .write(RowKey { table: "project", id: PROJECT }, other.rows.remove(&RowKey { table: "project", id: PROJECT }));
    phone.queue(&create(2));
    phone.queue(&Rename { id: task(2), title: "later".into() });
    phone.push(&mut server, 1);
    let open = with_project().rows.remove(&RowKey { table: "project", id: PROJECT });
    server.write(RowKey { table: "project", id: PROJECT }, open);
    phone.queue(&create(3));
    phone.push(&mut server, 1);
    phone.queue(&create(4));
    assert_eq!(phone.store().next_batch(1, usize::MAX).unwrap().len(), 1);
    phone.queue(&create(5));
    phone.queue(&Rename { id: task(1), title: "renamed".into() });
    phone
}

fn version(phone: &mut Phone) -> u32 {
    phone.close();
    let connection = Connection::open(phone.path()).unwrap();
    // One file, without its log.
    connection.pragma_update(None, "journal_mode", "delete").unwrap();
    connection.query_row("pragma user_version", [], |row| row.get(0)).unwrap()
}

#[test]
fn every_version_of_the_bookkeeping_has_its_file() {
    let mut phone = busy();
    let left = kept(&phone);
    let states: BTreeMap<&str, usize> = left.queue.iter().fold(BTreeMap::new(), |mut counts, queued| {
        *counts.entry(queued.state.as_str()).or_default() += 1;
        counts
    });
    assert_eq!(states.keys().copied().collect::<Vec<_>>(), ["accepted", "held", "pending", "rejected", "sending"]);
    let version = version(&mut phone);
    let file = path(&format!("bookkeeping-{version}.db"));
    if std::env::var_os("SATCHEL_BLESS").is_some() && !file.exists() {
        fs::create_dir_all(path("")).unwrap();
        fs::copy(phone.path(), &file).unwrap();
        fs::write(file.with_extension("json"), serde_json::to_string_pretty(&left).unwrap() + "\n").unwrap();
    }
    for version in 1..=version {
        let file = path(&format!("bookkeeping-{version}.db"));
        assert!(file.exists(), "{} is missing: run this test with SATCHEL_BLESS=1", file.display());
    }
}

#[test]
fn a_queue_of_every_version_survives_the_update_and_drains() {
    let mut opened = 0;
    for version in 1.. {
        let file = path(&format!("bookkeeping-{version}.db"));
        if !file.exists() {
            break;
        }
        opened += 1;
        let found: u32 =
            Connection::open(&file).unwrap().query_row("pragma user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(found, version);
        let recorded: Kept = serde_json::from_str(&fs::read_to_string(file.with_extension("json")).unwrap()).unwrap();
        let phone = Phone::with_file(&file);
        assert_eq!(kept(&phone), recorded, "version {version}");
        // A table that later builds added is filled meanwhile.
        assert!(phone.store().readiness().usable(), "version {version}");
        phone.check();

        // A server that never heard of this phone: everything goes there, what was accepted elsewhere too.
        let mut server = with_project();
        phone.sync(&mut server);
        for _ in 0..ROUNDS {
            for attention in phone.store().attention().unwrap() {
                // One that was refused because of another goes with it.
                let _ = phone.store().retry(attention.entry.key);
            }
            phone.sync(&mut server);
        }
        assert!(phone.store().queue().unwrap().is_empty(), "version {version}: {:?}", phone.store().queue());
        let entered: Vec<_> = server.rows.keys().filter(|key| key.table == "task").collect();
        assert_eq!(entered.len(), TASKS, "version {version}");
        similar_rows(&phone.shown(), &server.seen());
        phone.check();
    }
    assert!(opened > 0);
}
