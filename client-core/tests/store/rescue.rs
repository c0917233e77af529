//! Unsent work out of one file and into another: rescue bundles and damaged files.

use std::{fs, io::Write as _};

use rusqlite::Connection;
use satchel_client::{
    Store, StoreError,
    rescue::{Key, Lock, RescueError, SecretString, new_identity, open, seal},
    store::{Identity, QueueState, Salvaged, StoreOptions, TakenIn},
};
use satchel_protocol::{Id, Record, RowKey};
use uuid::Uuid;

use crate::{
    phone::{ORG, Phone, USER, context, identity, server, similar_rows},
    server::Server,
    trade::{Create, Finish, Project, REGISTRY},
};

const PROJECT: Uuid = Uuid::from_u128(0x1000);

fn passphrase(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn create(number: u128) -> Create {
    Create { id: Uuid::from_u128(0x2000 + number), project_id: PROJECT, title: format!("task {number}"), points: 1 }
}

fn a_server() -> Server {
    let mut server = server();
    let id = Id::new(PROJECT);
    let row = Project { id, rev: 0, title: "p".into(), done: false, total: 0 };
    server.write(RowKey::of(id), Some(row.to_row()));
    server.visible.insert(PROJECT);
    server
}

/// A phone that has one task in its queue, and its key.
fn with_work() -> (Phone, Uuid) {
    let phone = Phone::new();
    phone.sync(&mut a_server());
    let key = phone.queue(&create(1));
    (phone, key)
}

fn tasks(server: &Server) -> usize {
    server.rows.keys().filter(|key| key.table == "task").count()
}

fn bundle(phone: &Phone) -> Vec<u8> {
    phone.store().export_rescue(&Lock::Passphrase(passphrase("a long one")), context().occurred_at).unwrap()
}

fn take(phone: &Phone, sealed: &[u8]) -> Result<TakenIn, StoreError> {
    phone.store().import_rescue(sealed, &Key::Passphrase(passphrase("a long one")))
}

#[test]
fn another_phone_of_the_same_user_sends_it_and_each_piece_arrives_once() {
    let mut server = a_server();
    let (broken, spare) = (Phone::new(), Phone::new());
    broken.sync(&mut server);
    let keys: Vec<_> = (0..3).map(|number| broken.queue(&create(number))).collect();
    // The first one was received, but the answer was lost.
    let batch = broken.store().next_batch(1, usize::MAX).unwrap();
    server.push(broken.store().device_id(), &batch).unwrap();
    let sealed = bundle(&broken);
    assert_eq!(take(&spare, &sealed).unwrap(), TakenIn { added: 3, known: 0 });
    let queued: Vec<_> = spare.store().queue().unwrap().iter().map(|entry| entry.key).collect();
    assert_eq!(queued, keys);
    spare.sync(&mut server);
    assert_eq!(tasks(&server), 3);
    // The first phone comes back to life and sends everything, too; the bundle is taken in once more.
    broken.sync(&mut server);
    assert_eq!(take(&spare, &sealed).unwrap(), TakenIn { added: 0, known: 3 });
    spare.sync(&mut server);
    assert_eq!(tasks(&server), 3);
    for phone in [&broken, &spare] {
        similar_rows(&phone.shown(), &server.seen());
        phone.check();
    }
}

#[test]
fn exporting_changes_nothing_and_refused_work_is_in_it() {
    let mut server = a_server();
    let phone = Phone::new();
    phone.sync(&mut server);
    let finish = format!(r#"{{"id":"{PROJECT}","done":true}}"#);
    server.run(<Finish as satchel_protocol::Mutation>::NAME, &finish, &context(), Uuid::now_v7());
    let refused = phone.queue(&create(1));
    phone.push(&mut server, 10);
    assert_eq!(phone.store().attention().unwrap().len(), 1);
    let before = phone.store().queue_summary();
    let sealed = bundle(&phone);
    assert_eq!(phone.store().queue_summary(), before);
    let opened = open(&sealed, &Key::Passphrase(passphrase("a long one"))).unwrap();
    let keys: Vec<_> = opened.mutations.iter().map(|mutation| mutation.key).collect();
    assert_eq!(keys, [refused]);
    assert_eq!((opened.org_id, opened.user_id, opened.device_id), (ORG, USER, phone.store().device_id()));
}

#[test]
fn only_its_author_takes_it_in() {
    let (phone, _) = with_work();
    let sealed = bundle(&phone);
    let folder = tempfile::tempdir().unwrap();
    for (number, other) in
        [Identity { org_id: USER, ..identity() }, Identity { user_id: ORG, ..identity() }].into_iter().enumerate()
    {
        let path = folder.path().join(format!("{number}.db"));
        let store = Store::open(&path, &REGISTRY, &other, StoreOptions::default()).unwrap();
        let taken = store.import_rescue(&sealed, &Key::Passphrase(passphrase("a long one")));
        assert!(matches!(taken, Err(StoreError::OtherAuthor)), "{taken:?}");
        assert_eq!(store.queue().unwrap().len(), 0);
    }
}

#[test]
fn a_wrong_key_a_changed_byte_and_a_cut_are_told_apart_and_change_nothing() {
    let (phone, _) = with_work();
    let sealed = bundle(&phone);
    let other = Phone::new();
    let fails = |sealed: &[u8], key: &Key| match other.store().import_rescue(sealed, key) {
        Err(StoreError::Rescue(error)) => error,
        otherwise => panic!("{otherwise:?}"),
    };
    let key = Key::Passphrase(passphrase("a long one"));
    assert_eq!(fails(&sealed, &Key::Passphrase(passphrase("another one"))), RescueError::WrongKey);
    let (secret, _) = new_identity();
    assert_eq!(fails(&sealed, &Key::Identity(secret)), RescueError::WrongKey);
    assert_eq!(fails(&sealed, &Key::Identity(passphrase("no key"))), RescueError::NotAKey);
    assert_eq!(fails(b"a shopping list", &key), RescueError::NotABundle);
    assert_eq!(fails(b"", &key), RescueError::NotABundle);
    for position in [30, sealed.len() / 2, sealed.len() - 1] {
        let mut changed = sealed.clone();
        changed[position] ^= 1;
        fails(&changed, &key);
    }
    for length in [25, sealed.len() / 2, sealed.len() - 1] {
        fails(&sealed[..length], &key);
    }
    assert_eq!(other.store().queue().unwrap().len(), 0);
}

#[test]
fn the_office_opens_what_was_sealed_for_it() {
    let (phone, key) = with_work();
    let (secret, public) = new_identity();
    let sealed = phone.store().export_rescue(&Lock::PublicKey(public), context().occurred_at).unwrap();
    let opened = open(&sealed, &Key::Identity(secret)).unwrap();
    assert_eq!(opened.mutations[0].key, key);
    let failed = |lock: Lock| phone.store().export_rescue(&lock, context().occurred_at).unwrap_err();
    assert!(matches!(failed(Lock::PublicKey("age1".into())), StoreError::Rescue(RescueError::NotAKey)));
    let short = failed(Lock::Passphrase(passphrase("short")));
    assert!(matches!(short, StoreError::Rescue(RescueError::ShortPassphrase { least: 8 })));
}

#[test]
fn a_bundle_of_a_newer_app_or_with_an_unknown_mutation_is_refused_whole() {
    let (phone, _) = with_work();
    let (key, lock) = (Key::Passphrase(passphrase("a long one")), Lock::Passphrase(passphrase("a long one")));
    let mut bundle = open(&bundle(&phone), &key).unwrap();
    let other = Phone::new();
    bundle.mutations.push(bundle.mutations[0].clone());
    bundle.mutations[1].name = "task/v9/teleport".into();
    let taken = take(&other, &seal(&bundle, &lock).unwrap());
    assert!(matches!(taken, Err(StoreError::UnknownMutation { name }) if name == "task/v9/teleport"));
    bundle.format = 9;
    let taken = take(&other, &seal(&bundle, &lock).unwrap());
    assert!(matches!(taken, Err(StoreError::Rescue(RescueError::Newer { found: 9, known: 1 }))));
    assert_eq!(other.store().queue().unwrap().len(), 0);
}

fn salvage(phone: &Phone) -> Result<(Store, Salvaged), StoreError> {
    Store::salvage(&phone.path(), &REGISTRY, &identity(), StoreOptions::default())
}

#[test]
fn a_damaged_replica_gives_its_queue_to_a_fresh_one_which_fills_again() {
    let mut server = a_server();
    for number in 100..400 {
        server.run(
            <Create as satchel_protocol::Mutation>::NAME,
            &serde_json::to_string(&create(number)).unwrap(),
            &context(),
            Uuid::now_v7(),
        );
    }
    let mut phone = Phone::new();
    phone.sync(&mut server);
    let keys: Vec<_> = (0..40).map(|number| phone.queue(&create(number))).collect();
    phone.store().checkpoint().unwrap();
    phone.close();
    damage(&phone, "task");
    assert!(phone.open().and_then(|store| store.verify_local()).is_err(), "the damage is found");
    let (store, salvaged) = salvage(&phone).unwrap();
    assert_eq!((salvaged.mutations, salvaged.complete), (40, true));
    assert!(salvaged.kept_at.exists());
    let queued: Vec<_> = store.queue().unwrap().iter().map(|entry| (entry.key, entry.state)).collect();
    assert_eq!(queued, keys.iter().map(|key| (*key, QueueState::Pending)).collect::<Vec<_>>());
    drop(store);
    phone.reopen();
    phone.sync(&mut server);
    assert_eq!(tasks(&server), 340);
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}

#[test]
fn a_queue_that_is_damaged_itself_gives_what_still_reads() {
    let mut server = a_server();
    let mut phone = Phone::new();
    phone.sync(&mut server);
    for number in 0..400 {
        phone.queue(&create(number));
    }
    phone.store().checkpoint().unwrap();
    phone.close();
    damage(&phone, "_queue");
    let (store, salvaged) = salvage(&phone).unwrap();
    assert!(!salvaged.complete, "{salvaged:?}");
    assert!(salvaged.mutations > 300, "{salvaged:?}");
    assert_eq!(salvaged.mutations, store.queue().unwrap().len());
    drop(store);
    phone.reopen();
    phone.sync(&mut server);
    assert_eq!(tasks(&server), salvaged.mutations);
}

#[test]
fn a_file_that_lost_its_list_of_tables_still_gives_its_queue() {
    for first_page in [false, true] {
        let (mut phone, key) = with_work();
        phone.store().checkpoint().unwrap();
        phone.close();
        if first_page {
            overwrite(&phone, 1);
        } else {
            damage(&phone, "sqlite_schema");
        }
        assert!(matches!(phone.open(), Err(StoreError::Corrupt { .. })));
        let (store, salvaged) = salvage(&phone).unwrap();
        assert_eq!((salvaged.mutations, salvaged.complete), (1, true));
        assert_eq!(store.queue().unwrap()[0].key, key);
        drop(store);
    }
}

#[test]
fn a_salvaged_retry_still_names_the_mutation_it_stands_for() {
    let mut server = a_server();
    let mut phone = Phone::new();
    phone.sync(&mut server);
    let finish = format!(r#"{{"id":"{PROJECT}","done":true}}"#);
    server.run(<Finish as satchel_protocol::Mutation>::NAME, &finish, &context(), Uuid::now_v7());
    let refused = phone.queue(&create(1));
    phone.push(&mut server, 10);
    let again = phone.store().retry(refused).unwrap();
    phone.store().checkpoint().unwrap();
    phone.close();
    damage(&phone, "sqlite_schema");
    let (store, _) = salvage(&phone).unwrap();
    let batch = store.next_batch(10, usize::MAX).unwrap();
    assert_eq!((batch[0].key, batch[0].retry_of), (again, Some(refused)));
}

#[test]
fn what_is_no_database_at_all_is_kept_and_replaced() {
    let phone = Phone::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("replica.db");
    fs::write(&path, "a shopping list ".repeat(1_000)).unwrap();
    let (store, salvaged) = Store::salvage(&path, &REGISTRY, &identity(), StoreOptions::default()).unwrap();
    assert_eq!(salvaged.mutations, 0);
    assert_eq!(fs::read(&salvaged.kept_at).unwrap(), "a shopping list ".repeat(1_000).as_bytes());
    assert_eq!(store.queue().unwrap().len(), 0);
    drop(phone);
}

#[test]
fn a_salvage_for_somebody_else_leaves_the_file() {
    let (mut phone, key) = with_work();
    phone.close();
    let other = Identity { user_id: ORG, ..identity() };
    let salvaged = Store::salvage(&phone.path(), &REGISTRY, &other, StoreOptions::default());
    assert!(matches!(salvaged, Err(StoreError::OtherIdentity)));
    phone.reopen();
    assert_eq!(phone.store().queue().unwrap()[0].key, key);
    let names = fs::read_dir(phone.folder.path()).unwrap().count();
    assert!(names <= 4, "nothing but the file, its log and its lock is there: {names}");
}

#[test]
fn a_salvage_broken_off_after_its_fresh_file_was_whole_is_completed_by_the_next_start() {
    let (mut phone, key) = with_work();
    phone.store().checkpoint().unwrap();
    phone.close();
    // As it is between the two renames: the whole fresh file waits, the damaged one and its log are in place.
    let fresh = phone.path().with_extension("db.fresh");
    fs::copy(phone.path(), &fresh).unwrap();
    let mut damaged = fs::File::create(phone.path()).unwrap();
    damaged.write_all(&[0xa5; 8_192]).unwrap();
    fs::write(phone.path().with_extension("db-wal"), [0x5a; 4_096]).unwrap();
    phone.reopen();
    assert_eq!(phone.store().queue().unwrap()[0].key, key);
    assert!(!fresh.exists());
}

/// Overwrites a page in the middle of a table's rows.
fn damage(phone: &Phone, table: &str) {
    let page: i64 = {
        let connection = Connection::open(phone.path()).unwrap();
        connection.pragma_update(None, "journal_mode", "delete").unwrap();
        let leaves = "select pageno from dbstat where name = ?1 and pagetype = 'leaf' order by pageno";
        match connection.prepare(leaves) {
            Ok(mut statement) => {
                let pages: Vec<i64> =
                    statement.query_map([table], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
                pages[pages.len() / 2]
            }
            Err(error) => panic!("{error}"),
        }
    };
    overwrite(phone, page);
}

fn overwrite(phone: &Phone, page: i64) {
    const PAGE_BYTES: usize = 4_096;
    let mut bytes = fs::read(phone.path()).unwrap();
    let start = (usize::try_from(page).unwrap() - 1) * PAGE_BYTES;
    bytes[start..start + PAGE_BYTES].fill(0xa5);
    fs::write(phone.path(), bytes).unwrap();
}
