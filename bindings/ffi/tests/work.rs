//! A technician's work through the boundary, against a server: what is refused goes to the office and comes back decided,
//! notes are written as texts, and what cannot be sent leaves as a file.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::{Duration, SystemTime},
};

use satchel_domain::{
    mutations::{CancelJob, CreateNote, NoteEdited},
    tables::VisitState,
};
use satchel_ffi::{
    SatchelClient, SatchelError, StatusObserver,
    error::RefusalKind,
    types::{Cell, Connection, Decision, OpenOptions, Readiness, RescueKey, RescueLock, Settlement, Status, TakenIn},
};
use satchel_protocol::inbox::DismissItem;
use satchel_tests::{
    contractor::{Work, id},
    phone::{Field, PASSWORD},
    server::{PATIENCE_S, patiently},
};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::watch;
use uuid::Uuid;

/// A technician's phone.
struct Phone {
    client: Arc<SatchelClient>,
    status: watch::Receiver<Option<Status>>,
    folder: TempDir,
}

struct Follower(watch::Sender<Option<Status>>);

impl StatusObserver for Follower {
    fn status_changed(&self, status: Status) -> Result<(), satchel_ffi::ObserverError> {
        self.0.send_replace(Some(status));
        Ok(())
    }
}

impl Phone {
    /// Signed in as the first technician, and caught up.
    async fn of(field: &Field) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = OpenOptions {
            folder: folder.path().display().to_string(),
            server_url: field.server.url(),
            install_nonce: None,
            max_file_bytes: None,
        };
        let client = SatchelClient::open(options, None, None).await.unwrap();
        let email = format!("{}@example.com", field.contractor.technicians[0].caller.user_id);
        client.sign_in(email, PASSWORD.to_owned(), None).await.unwrap();
        client.start().await.unwrap();
        let (teller, status) = watch::channel(None);
        // Ends with the client.
        std::mem::forget(client.observe_status(Arc::new(Follower(teller))).unwrap());
        let mut phone = Self { client, status, folder };
        phone.until(|status| status.settled).await;
        phone
    }

    async fn until(&mut self, wanted: impl Fn(&Status) -> bool) {
        patiently(self.status.wait_for(|status| status.as_ref().is_some_and(&wanted))).await.unwrap();
    }

    /// Waits until what was entered is at the server and back. The status told by observers may be one of before.
    async fn synced(&mut self) {
        self.until(|status| status.connection == Connection::Online).await;
        assert!(self.client.sync_once(PATIENCE_S * 1_000).await.unwrap().complete);
    }

    async fn mutate<M: satchel_protocol::Mutation>(&self, mutation: &M) -> Uuid {
        self.client.mutate(M::NAME.to_owned(), serde_json::to_string(mutation).unwrap()).await.unwrap().key
    }

    /// An empty note on the job, at the server.
    async fn note(&mut self, work: Work) -> Uuid {
        let note = CreateNote { job_id: work.job_id, note_id: id(), title: "Found".to_owned() };
        self.mutate(&note).await;
        self.synced().await;
        note.note_id.uuid()
    }

    async fn text(&self, note: Uuid) -> String {
        let rows = self.client.sql("select text from note where id = ?1".into(), vec![text(note)]).await.unwrap();
        match &rows[0][0] {
            Cell::Text { value } => value.clone(),
            other => panic!("{other:?}"),
        }
    }
}

fn text(id: Uuid) -> Cell {
    Cell::Text { value: id.to_string() }
}

async fn field() -> (Field, Work) {
    let field = Field::new().await;
    let work = field.contractor.work(VisitState::Dispatched, &field.contractor.technicians[..1]).await;
    (field, work)
}

/// The office does something.
async fn office<M: satchel_protocol::Mutation>(field: &Field, mutation: &M) {
    let client = field.server.client(field.contractor.dispatcher);
    let request = client.request(reqwest::Method::POST, &format!("/api/v1/rpc/{}", M::NAME));
    let request = request.header("idempotency-key", Uuid::now_v7().to_string()).json(mutation);
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_written_as_a_text_and_what_does_not_fit_is_explained() {
    let (field, work) = field().await;
    let mut phone = Phone::of(&field).await;
    let note = phone.note(work).await;
    let done = phone.client.edit_note(note, None, "Base.".into()).await.unwrap().expect("a change");
    let edited: serde_json::Value = serde_json::from_str(&done.output_json.unwrap()).unwrap();
    assert_eq!(edited, json!(NoteEdited { note_id: satchel_protocol::Id::new(note), fresh: 1 }));
    assert_eq!(phone.client.edit_note(note, None, "Base.".into()).await.unwrap(), None);
    // What stands there now was written since "Base." was on the screen.
    phone.client.edit_note(note, None, "One. Base.".into()).await.unwrap().expect("a change");
    phone.client.edit_note(note, Some("Base.".into()), "Base. Two.".into()).await.unwrap().expect("a change");
    assert_eq!(phone.text(note).await, "One. Base. Two.");
    phone.synced().await;
    assert_eq!(phone.text(note).await, "One. Base. Two.");

    let nul = phone.client.edit_note(note, None, "a\0b".into()).await;
    assert!(
        matches!(&nul, Err(SatchelError::Refused { kind: RefusalKind::BadRequest, reason, .. }) if reason == "note.text_nul"),
        "{nul:?}"
    );
    let gone = phone.client.edit_note(Uuid::now_v7(), None, "a".into()).await;
    assert!(matches!(gone, Err(SatchelError::Refused { kind: RefusalKind::NotFound, .. })), "{gone:?}");
    let huge = phone.client.edit_note(note, Some("x".repeat(10_000_000)), "x".into()).await;
    assert!(matches!(huge, Err(SatchelError::TooLarge { .. })), "{huge:?}");
    phone.client.shut_down().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_goes_to_the_office_and_comes_back_decided() {
    let (field, work) = field().await;
    let mut phone = Phone::of(&field).await;
    let about = vec![work.visit_id.uuid()];
    phone.client.set_network(false).await.unwrap();
    let accept = json!({ "job_id": work.job_id, "visit_id": work.visit_id }).to_string();
    let key = phone.client.mutate("visit/v1/accept".into(), accept).await.unwrap().key;
    let receipts = phone.client.receipts(about.clone()).await.unwrap();
    assert_eq!((receipts.captured, receipts.sent, receipts.all_applied), (1, 0, false));
    let unsent = phone.client.hand_over(key, None).await;
    assert!(matches!(unsent, Err(SatchelError::AlreadySent { .. } | SatchelError::NeverSent { .. })), "{unsent:?}");
    office(&field, &CancelJob { job_id: work.job_id, reason: "Called off.".to_owned() }).await;
    phone.client.set_network(true).await.unwrap();
    phone.until(|status| status.queue.rejected == 1).await;
    assert_eq!(phone.client.receipts(about.clone()).await.unwrap().refused, 1);
    let attention = phone.client.attention().await.unwrap();
    assert_eq!((attention[0].entry.key, attention[0].with_office), (key, false));

    phone.client.hand_over(key, Some("I was there.".into())).await.unwrap();
    phone.synced().await;
    assert!(phone.client.attention().await.unwrap()[0].with_office);
    office(&field, &DismissItem { key, note: "It is paid anyway.".to_owned() }).await;
    phone.until(|status| status.queue.rejected == 0).await;
    let history = phone.client.history().await.unwrap();
    let past = history.iter().find(|past| past.key == key).unwrap();
    let told = Settlement { decision: Decision::Dismissed, note: Some("It is paid anyway.".to_owned()) };
    assert_eq!((&past.settlement, past.refusal.is_some()), (&Some(told), true));
    assert_eq!(phone.client.receipts(about).await.unwrap().captured, 0);
    let twice = phone.client.hand_over(key, None).await;
    assert!(matches!(twice, Err(SatchelError::NotQueued { .. })), "{twice:?}");
    phone.client.shut_down().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn unsent_work_leaves_as_a_file_and_is_taken_in_once() {
    let (field, work) = field().await;
    let mut lost = Phone::of(&field).await;
    let mut found = Phone::of(&field).await;
    lost.client.set_network(false).await.unwrap();
    let accept = json!({ "job_id": work.job_id, "visit_id": work.visit_id }).to_string();
    lost.client.mutate("visit/v1/accept".into(), accept).await.unwrap();
    let passphrase = |passphrase: &str| RescueLock::Passphrase { passphrase: passphrase.to_owned() };
    let key = |passphrase: &str| RescueKey::Passphrase { passphrase: passphrase.to_owned() };
    let short = lost.client.export_rescue(passphrase("short")).await;
    assert!(matches!(short, Err(SatchelError::RescueRefused { .. })), "{short:?}");
    let sealed = lost.client.export_rescue(passphrase("correct horse")).await.unwrap();
    let wrong = found.client.import_rescue(sealed.clone(), key("wrong horse")).await;
    assert!(matches!(wrong, Err(SatchelError::RescueRefused { .. })), "{wrong:?}");
    let nonsense = found.client.import_rescue(vec![0; 10], key("correct horse")).await;
    assert!(matches!(nonsense, Err(SatchelError::RescueRefused { .. })), "{nonsense:?}");
    let taken = found.client.import_rescue(sealed.clone(), key("correct horse")).await.unwrap();
    assert_eq!(taken, TakenIn { added: 1, known: 0 });
    let again = found.client.import_rescue(sealed, key("correct horse")).await.unwrap();
    assert_eq!(again, TakenIn { added: 0, known: 1 });
    found.synced().await;
    // The phone is found: what it has is at the server already.
    lost.client.set_network(true).await.unwrap();
    lost.synced().await;
    for phone in [&found, &lost] {
        let state = phone.client.sql("select state from visit where id = ?1".into(), vec![text(work.visit_id.uuid())]);
        assert_eq!(state.await.unwrap(), [[Cell::Text { value: "accepted".to_owned() }]]);
    }
    let accepted = "select count(*) from satchel.visit_status_event where to_state = 'accepted'";
    assert_eq!(field.contractor.count(accepted).await, 1);
    for phone in [found, lost] {
        phone.client.shut_down().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_says_whether_it_is_here_and_a_report_how_things_stand() {
    let (field, work) = field().await;
    let mut phone = Phone::of(&field).await;
    let day = Duration::from_secs(24 * 3_600);
    let now = SystemTime::now();
    let today = phone.client.day(now - day, now + day).await.unwrap();
    assert!(today.complete && today.as_of.is_some_and(|as_of| as_of > now - day), "{today:?}");
    assert_eq!(today.readiness, Readiness::Ready);
    let visits: Vec<_> = today.visits.iter().map(|visit| (visit.visit_id, visit.job_id, visit.missing.len())).collect();
    assert_eq!(visits, [(work.visit_id.uuid(), work.job_id.uuid(), 0)]);
    let past = phone.client.day(now - 30 * day, now - 20 * day).await.unwrap();
    assert_eq!(past.visits, []);

    let report = phone.client.report().await.unwrap();
    assert!(report.running && report.caught_up && report.device_id.is_some() && report.clock_trusted, "{report:?}");
    assert_eq!((report.connection, report.readiness), (Connection::Online, Readiness::Ready));
    assert_eq!(report.queue.map(|queue| queue.pending.count), Some(0));
    assert!(report.scopes > 0 && report.replica_bytes.is_some_and(|bytes| bytes > 0), "{report:?}");
    let json: serde_json::Value = serde_json::from_str(&report.json).unwrap();
    assert_eq!(json["library_version"], json!(report.library_version));
    field.server.stop().await;
    phone.until(|status| status.connection == Connection::Waiting).await;
    let report = phone.client.report().await.unwrap();
    assert!(report.failures.iter().any(|kind| !kind.step.is_empty() && kind.count > 0), "{report:?}");
    phone.client.sign_out().await.unwrap();
    let nobody = phone.client.report().await.unwrap();
    assert_eq!((nobody.device_id, nobody.queue, nobody.running), (None, None, false));
    phone.client.shut_down().await.unwrap();
}

/// Begins a call, which then goes on by itself, and says whether it does.
async fn is_under_way<T>(mut call: Pin<&mut impl Future<Output = T>>) -> bool {
    poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_pending())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_was_closed_holds_no_file() {
    let (field, _) = field().await;
    let phone = Phone::of(&field).await;
    phone.client.stop().await.unwrap();
    let folder = phone.folder.path().display().to_string();
    let long =
        "with recursive n(x) as (select 1 union all select x + 1 from n where x < 5000000) select count(*) from n";
    let mut reading = pin!(phone.client.sql(long.into(), Vec::new()));
    assert!(is_under_way(reading.as_mut()).await);
    // Nobody answers any more: a sync would go on to its deadline.
    let url = field.server.url();
    drop(field);
    let mut syncing = pin!(phone.client.sync_once(600_000));
    assert!(is_under_way(syncing.as_mut()).await);
    patiently(phone.client.shut_down()).await.unwrap();
    let options = OpenOptions { folder, server_url: url, install_nonce: None, max_file_bytes: None };
    let again = SatchelClient::open(options, None, None).await.unwrap();
    // Closed before it began, or read to its end.
    assert!(matches!(reading.await, Ok(_) | Err(SatchelError::Closed)));
    assert!(matches!(syncing.await, Err(SatchelError::Closed)));
    again.shut_down().await.unwrap();
}
