//! The boundary from the Rust side: what does not need a server. Kotlin's tests do the rest.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::{
    Arc,
    mpsc::{Sender, channel},
};

use satchel_ffi::{
    ChangeObserver, ObserverError, SatchelClient, SatchelError, StatusObserver,
    types::{Cell, Changes, Connection, OpenOptions, Status},
};
use uuid::Uuid;

fn options(folder: &tempfile::TempDir) -> OpenOptions {
    OpenOptions {
        folder: folder.path().display().to_string(),
        server_url: "http://127.0.0.1:9".to_owned(),
        install_nonce: None,
        max_file_bytes: None,
    }
}

struct Told<T>(Sender<T>);

impl ChangeObserver for Told<Changes> {
    fn changed(&self, changes: Changes) -> Result<(), ObserverError> {
        self.0.send(changes).map_err(|_| ObserverError::Threw)
    }
}

impl StatusObserver for Told<Status> {
    fn status_changed(&self, status: Status) -> Result<(), ObserverError> {
        self.0.send(status).map_err(|_| ObserverError::Threw)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_everything_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let client = SatchelClient::open(options(&folder), None, None).await.unwrap();
    assert_eq!(client.identity().unwrap(), None);
    assert_eq!(client.status().unwrap().connection, Connection::NeedsSignIn);
    assert!(matches!(client.start().await, Err(SatchelError::NotSignedIn)));
    let rows = client.rows("visit".into(), "id = ?1".into(), vec![Cell::Null]).await;
    assert!(matches!(rows, Err(SatchelError::NotSignedIn)));
    assert!(matches!(client.edit_note(Uuid::nil(), None, "text".into()).await, Err(SatchelError::NotSignedIn)));
    assert!(matches!(client.signing_document("visit".into(), Uuid::nil()).await, Err(SatchelError::NotSignedIn)));
    let unknown = client.rows("no_such_table".into(), "true".into(), vec![]).await;
    assert!(matches!(unknown, Err(SatchelError::InvalidInput { .. })));
    let away = client.sign_in("a@example.com".into(), "b".into(), None).await;
    assert!(matches!(away, Err(SatchelError::Unavailable { .. })), "{away:?}");
    let (teller, told) = channel();
    let subscription = client.observe(vec!["visit".into()], Arc::new(Told(teller))).unwrap();
    client.sign_out().await.unwrap();
    let changes = tokio::task::spawn_blocking(move || told.recv()).await.unwrap().unwrap();
    assert!(changes.replica);
    subscription.cancel();
    client.shut_down().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_client_calls_nobody_and_takes_no_calls() {
    let folder = tempfile::tempdir().unwrap();
    let client = SatchelClient::open(options(&folder), None, None).await.unwrap();
    let (teller, told) = channel();
    let subscription = client.observe_status(Arc::new(Told(teller))).unwrap();
    let (first, told) = tokio::task::spawn_blocking(move || (told.recv().unwrap(), told)).await.unwrap();
    assert_eq!(first.connection, Connection::NeedsSignIn);
    client.shut_down().await.unwrap();
    client.shut_down().await.unwrap();
    assert!(subscription.is_cancelled());
    // The observer was let go.
    assert!(tokio::task::spawn_blocking(move || told.recv()).await.unwrap().is_err());
    assert!(matches!(client.start().await, Err(SatchelError::Closed)));
    assert!(matches!(client.status(), Err(SatchelError::Closed)));
    let observed = client.observe(vec![], Arc::new(Told(channel().0)));
    assert!(matches!(observed, Err(SatchelError::Closed)));
}

#[tokio::test]
async fn what_makes_no_sense_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = SatchelClient::open(OpenOptions { server_url: String::new(), ..options(&folder) }, None, None).await;
    assert!(matches!(nowhere, Err(SatchelError::InvalidInput { .. })));
    let file = folder.path().join("file");
    std::fs::write(&file, "no folder").unwrap();
    let below = file.join("below").display().to_string();
    let no_folder = SatchelClient::open(OpenOptions { folder: below, ..options(&folder) }, None, None).await;
    assert!(matches!(no_folder, Err(SatchelError::StorageFailed { .. })));
    let short = SatchelClient::open(options(&folder), None, Some(vec![7; 31])).await;
    assert!(
        matches!(short, Err(SatchelError::InvalidInput { explanation }) if explanation.contains("32 bytes, not 31"))
    );
    // The tests' build cannot encrypt; `./dev encrypted` tries one that can.
    let no_use = SatchelClient::open(options(&folder), None, Some(vec![7; 32])).await;
    assert!(matches!(no_use, Err(SatchelError::InvalidInput { explanation }) if explanation.contains("`encrypted`")));
    let client = SatchelClient::open(options(&folder), None, None).await.unwrap();
    let large = client.mutate("visit/v1/accept".into(), "x".repeat(10_000_000)).await;
    assert!(matches!(large, Err(SatchelError::TooLarge { .. })));
    let no_json = client.mutate("visit/v1/accept".into(), "{".into()).await;
    assert!(matches!(no_json, Err(SatchelError::InvalidInput { .. })));
    client.shut_down().await.unwrap();
}
