//! A session kept in a file: whole or not at all, for its owner's eyes, whenever the process dies.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    fs,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use satchel_client::session::{FileTokenStore, StoredSession, TokenStore as _, TokenStoreError, Tokens};
use satchel_protocol::wire::auth::Membership;
use uuid::Uuid;

/// The session after so many refreshes; both tokens name the number, and are as long as real ones.
fn session(number: usize) -> StoredSession {
    let token = |kind: &str| format!("{kind}-{number}-{}", "x".repeat(600 + number % 7));
    StoredSession {
        user_id: Uuid::from_u128(1),
        membership: Membership {
            org_id: Uuid::from_u128(2),
            org_name: "A contractor".to_owned(),
            roles: vec!["technician".to_owned()],
            technician_id: Some(Uuid::from_u128(3)),
        },
        tokens: Some(Tokens { access: token("access"), access_expires_ms: 1, refresh: token("refresh") }),
        ended: None,
        server_offset_ms: 0,
        anchor: None,
        last_synced_ms: None,
    }
}

#[test]
fn what_was_saved_last_is_loaded_by_the_next_run_and_nothing_lies_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.json");
    let store = FileTokenStore::new(&path);
    assert_eq!(store.load().unwrap(), None);
    for number in 0..3 {
        store.save(&session(number)).unwrap();
        assert_eq!(FileTokenStore::new(&path).load().unwrap(), Some(session(number)));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    store.clear().unwrap();
    store.clear().unwrap();
    assert_eq!(FileTokenStore::new(&path).load().unwrap(), None);
}

#[test]
fn whoever_looks_while_it_is_replaced_sees_one_session_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.json");
    let store = FileTokenStore::new(&path);
    store.save(&session(0)).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 1..200 {
                store.save(&session(number)).unwrap();
            }
            done.store(true, Ordering::Release);
        });
        let other = FileTokenStore::new(&path);
        let mut newest = 0;
        while !done.load(Ordering::Acquire) {
            let tokens = other.load().unwrap().expect("never without a session").tokens.unwrap();
            let number: usize = tokens.refresh.split('-').nth(1).unwrap().parse().unwrap();
            assert_eq!(Some(tokens), session(number).tokens);
            assert!(number >= newest, "an older session came back");
            newest = number;
        }
    });
    assert_eq!(store.load().unwrap(), Some(session(199)));
}

#[test]
fn a_crash_half_way_leaves_the_session_before_and_does_not_hinder_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.json");
    let store = FileTokenStore::new(&path);
    store.save(&session(1)).unwrap();
    // What a process leaves that dies while it writes the file beside: a part of it, longer than the next one.
    let torn = serde_json::to_string(&session(2)).unwrap() + &" ".repeat(4_096) + "{";
    fs::write(folder.path().join("session.new"), torn).unwrap();
    let after_the_crash = FileTokenStore::new(&path);
    assert_eq!(after_the_crash.load().unwrap(), Some(session(1)));
    after_the_crash.save(&session(3)).unwrap();
    assert_eq!(after_the_crash.load().unwrap(), Some(session(3)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_replaced_stays_and_what_is_no_session_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.json");
    let store = FileTokenStore::new(&path);
    store.save(&session(1)).unwrap();
    // Where the file beside is to be written stands something else.
    fs::create_dir(folder.path().join("session.new")).unwrap();
    let failed = store.save(&session(2)).unwrap_err();
    assert!(matches!(&failed, TokenStoreError::File { path: named, .. } if *named == path), "{failed:?}");
    assert_eq!(store.load().unwrap(), Some(session(1)));

    fs::write(&path, b"{\"user_id\":").unwrap();
    assert!(matches!(store.load(), Err(TokenStoreError::Damaged { .. })));
    fs::remove_dir(folder.path().join("session.new")).unwrap();
    store.save(&session(3)).unwrap();
    assert_eq!(store.load().unwrap(), Some(session(3)));
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.json");
    let store = FileTokenStore::new(&path);
    for number in 0..2 {
        store.save(&session(number)).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
