//! Files under a key.

use std::{
    fs,
    io::{Seek as _, SeekFrom, Write as _},
};

use satchel_client::{
    Client, ClientError, ClientOptions, FileKey, Store, StoreError,
    session::{FileTokenStore, StoredSession, TokenStore as _},
    store::StoreOptions,
};
use satchel_protocol::{Id, Record as _, RowKey, wire::auth::Membership};
use uuid::Uuid;

use crate::{
    phone::{Phone, identity, server},
    server::Server,
    trade::{Create, Project, REGISTRY, Task},
};

const PROJECT: Uuid = Uuid::from_u128(0x1000);
/// What must not stand in the file.
const SECRET: &str = "Mrs. Halloway, key under the mat";

fn under(byte: u8) -> StoreOptions {
    StoreOptions { key: Some(FileKey::new([byte; 32])), ..StoreOptions::default() }
}

fn task(number: u128) -> Create {
    Create { id: Uuid::from_u128(0x2000 + number), project_id: PROJECT, title: SECRET.to_owned(), points: 1 }
}

/// A phone under a key with so many tasks waiting, and its server.
fn at_work(tasks: u128) -> (Phone, Server) {
    let mut server = server();
    let id = Id::new(PROJECT);
    let row = Project { id, rev: 0, title: SECRET.to_owned(), done: false, total: 0 };
    server.write(RowKey::of(id), Some(row.to_row()));
    server.visible.insert(PROJECT);
    let phone = Phone::with_options(under(7));
    phone.sync(&mut server);
    for number in 0..tasks {
        phone.queue(&task(number));
    }
    (phone, server)
}

fn open(phone: &Phone, options: StoreOptions) -> Result<Store, StoreError> {
    Store::open(&phone.path(), &REGISTRY, &identity(), options)
}

fn in_the_clear(phone: &Phone) -> bool {
    let files = fs::read_dir(phone.folder.path()).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let words = [SECRET.as_bytes(), b"SQLite format 3", b"task/v1/create"];
    files.into_iter().any(|bytes| words.iter().any(|word| bytes.windows(word.len()).any(|window| window == *word)))
}

#[test]
fn nothing_in_file_and_log_can_be_read_without_the_key() {
    let (mut phone, mut server) = at_work(3);
    assert!(!in_the_clear(&phone), "with its log");
    phone.crash();
    assert_eq!(phone.store().reader().unwrap().all::<Task>().unwrap().len(), 3);
    phone.store().checkpoint().unwrap();
    assert!(!in_the_clear(&phone), "without its log");
    phone.sync(&mut server);
    assert_eq!(server.rows.keys().filter(|key| key.table == Task::TABLE.name).count(), 3);
    phone.close();
    assert!(!in_the_clear(&phone), "closed");
}

#[test]
fn the_same_work_without_a_key_would_be_found() {
    let phone = Phone::new();
    assert!(in_the_clear(&phone));
}

#[test]
fn a_file_opens_with_its_own_key_alone_and_is_not_taken_for_damaged() {
    let (mut phone, _) = at_work(1);
    phone.close();
    for other in [under(8), StoreOptions::default()] {
        let refused = open(&phone, other).unwrap_err();
        assert!(matches!(&refused, StoreError::WrongKey { path } if *path == phone.path()), "{refused:?}");
    }
    phone.reopen();
    assert_eq!(phone.store().queue_summary().pending, 1);
}

#[test]
fn a_file_made_without_a_key_is_not_opened_with_one() {
    let mut phone = Phone::new();
    phone.close();
    assert!(matches!(open(&phone, under(7)), Err(StoreError::WrongKey { .. })));
    phone.reopen();
}

#[test]
fn a_key_is_never_printed() {
    let text = format!("{:?}", under(0x5a));
    assert!(text.contains("FileKey(..)") && !text.contains("90") && !text.contains("5a"), "{text}");
}

#[test]
fn the_queue_is_salvaged_around_a_damaged_page_into_a_file_under_the_same_key() {
    let (mut phone, _) = at_work(400);
    phone.store().checkpoint().unwrap();
    phone.close();
    let page_bytes = 4_096;
    let pages = fs::metadata(phone.path()).unwrap().len() / page_bytes;
    let mut file = fs::File::options().write(true).open(phone.path()).unwrap();
    // Somewhere in the latter half, where tasks and queue are.
    file.seek(SeekFrom::Start((pages - 4) * page_bytes + 100)).unwrap();
    file.write_all(&[0xff; 64]).unwrap();
    drop(file);
    let (store, salvaged) = Store::salvage(&phone.path(), &REGISTRY, &identity(), under(7)).unwrap();
    assert!(salvaged.mutations > 300, "{salvaged:?}");
    assert_eq!(store.queue_summary().unsent(), salvaged.mutations);
    drop(store);
    assert!(!in_the_clear(&phone));
    phone.reopen();
}

/// An app that was signed in before, opened without a network.
#[tokio::test]
async fn an_app_opens_its_replica_under_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let session = StoredSession {
        user_id: Uuid::from_u128(1),
        membership: Membership {
            org_id: Uuid::from_u128(2),
            org_name: "A contractor".to_owned(),
            roles: vec!["technician".to_owned()],
            technician_id: Some(Uuid::from_u128(3)),
        },
        tokens: None,
        ended: None,
        server_offset_ms: 0,
        anchor: None,
        last_synced_ms: None,
    };
    FileTokenStore::new(folder.path().join("session.json")).save(&session).unwrap();
    let open = |store: StoreOptions| {
        let options = ClientOptions::new(folder.path(), "http://127.0.0.1:9", &REGISTRY);
        Client::open(ClientOptions { store, ..options })
    };
    for _ in 0..2 {
        let client = open(under(7)).await.unwrap();
        assert!(client.store().unwrap().reader().unwrap().all::<Task>().unwrap().is_empty());
        client.close().await;
    }
    for other in [under(8), StoreOptions::default()] {
        assert!(matches!(open(other).await, Err(ClientError::Store(StoreError::WrongKey { .. }))));
    }
}
