//! Work that waits says why, since when, whether that is too long, and what happens next or helps: with a real server that
//! is down, a token that was taken back, a disk that is full, and a clock that is wrong (P8).

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use jiff::Timestamp;
use satchel_client::{
    Status,
    engine::{Ended, Limits, WaitsFor},
    status::Waiting,
};
use satchel_domain::{
    mutations::AddMaterial,
    tables::{PricebookItem, VisitState},
};
use satchel_tests::{
    clock::SetClock,
    contractor::{Contractor, Work, id},
    phone::{Field, Phone},
};

/// Milliseconds after which waiting is too long here.
const SOON_MS: u64 = 300;
const DAY_MS: i64 = 24 * 3_600 * 1_000;
/// Milliseconds that a test takes at most.
const TEST_MS: i64 = 60_000;

struct Scene {
    field: Field,
    work: Work,
    phone: Phone,
}

impl Scene {
    /// A technician at work, whose phone is impatient.
    async fn new() -> Self {
        let field = Field::new().await;
        let work = field.contractor.work(VisitState::OnSite, &field.contractor.technicians).await;
        let mut phone = field.synced_phone(0).await;
        phone.options.limits = Limits {
            overdue_sending_ms: SOON_MS,
            overdue_delta_ms: SOON_MS,
            overdue_person_ms: SOON_MS,
            overdue_network_ms: SOON_MS,
            blocked_retry_ms: 50,
            ..phone.options.limits
        };
        let mut scene = Self { field, work, phone };
        scene.reopen().await;
        scene
    }

    async fn reopen(&mut self) {
        self.phone.reopen().await;
        self.phone.client.start().await.unwrap();
        self.phone.settled().await;
    }

    async fn enter(&self) -> AddMaterial {
        let line = material(&self.field.contractor, self.work);
        self.phone.client.mutate(&line).await.unwrap();
        line
    }

    /// What work waits for, once it is this, and too long if asked.
    async fn waits(&self, waits_for: WaitsFor, overdue: bool) -> (Status, Waiting) {
        let wanted = |status: &Status| {
            status
                .waiting
                .as_ref()
                .is_some_and(|waiting| waiting.waits_for == waits_for && (waiting.overdue || !overdue))
        };
        let status = self.phone.until(&format!("{waits_for:?}, overdue: {overdue}"), wanted).await;
        let waiting = status.waiting.clone().unwrap();
        assert_eq!(waiting.mutations, 1);
        assert!(waiting.reason.starts_with("1 change waits") && waiting.reason.ends_with('.'), "{waiting:?}");
        assert!(waiting.next_step.ends_with('.'), "{waiting:?}");
        (status, waiting)
    }
}

fn material(contractor: &Contractor, work: Work) -> AddMaterial {
    let (job_id, visit_id, item_id) = (work.job_id, work.visit_id, contractor.item_id);
    AddMaterial { job_id, visit_id, material_id: id(), item_id, quantity: rust_decimal::Decimal::ONE }
}

fn ago_ms(since: Timestamp) -> i64 {
    Timestamp::now().as_millisecond() - since.as_millisecond()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down() {
    let Scene { field, work, phone } = Scene::new().await;
    let Field { contractor, server, .. } = field;
    server.stop().await;
    phone.until("noticed", |status| !status.connection.is_online()).await;
    phone.client.mutate(&material(&contractor, work)).await.unwrap();
    let waits = |overdue: bool| {
        move |status: &Status| status.waiting.as_ref().is_some_and(|waiting| waiting.overdue == overdue)
    };
    let status = phone.until("waiting", waits(false)).await;
    let first = status.waiting.unwrap();
    assert_eq!((first.waits_for, first.mutations), (WaitsFor::Server, 1));
    assert_eq!(first.reason, "1 change waits for a connection to the server.");
    // It goes on trying, and says so; that it tries is no progress.
    let status = phone.until("too long", waits(true)).await;
    let late = status.waiting.clone().unwrap();
    assert_eq!((late.waits_for, late.since), (WaitsFor::Server, first.since));
    assert!(ago_ms(late.since) >= SOON_MS.cast_signed() && ago_ms(late.since) < TEST_MS, "{late:?}");
    assert!(late.next_step.contains("another network"), "{late:?}");
    let due = |status: &Status| status.next_try_in_ms.is_some();
    let status = phone.until("the next try is due", due).await;
    assert!(status.reason.ends_with('.') && !status.reason.is_empty(), "{status:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_taken_back() {
    let scene = Scene::new().await;
    let ended = "update satchel.refresh_family set revoked_at = now(), ended_by = 'device_revoked'";
    sqlx::raw_sql(ended).execute(&scene.field.contractor.admin).await.unwrap();
    scene.phone.proxy.break_off();
    scene.phone.until("told", |status| status.ended == Some(Ended::Device)).await;
    scene.enter().await;
    let (status, waiting) = scene.waits(WaitsFor::SignIn, false).await;
    assert_eq!(waiting.next_step, "Sign in again; it is sent then.");
    assert!(status.reason.contains("1 change is kept here"), "{status:?}");
    let (_, late) = scene.waits(WaitsFor::SignIn, true).await;
    assert_eq!(late.since, waiting.since);
    assert!(late.next_try_in_ms.is_none(), "no try helps: {late:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full() {
    let mut scene = Scene::new().await;
    let path = scene.phone.client.replica_path().unwrap();
    scene.phone.client.close().await;
    // Room for what a technician enters, not for what the office made.
    scene.phone.options.store.max_file_bytes = Some(path.metadata().unwrap().len() + 64 * 1024);
    scene.field.pricebook(5_000).await;
    scene.phone.reopen().await;
    let line = scene.enter().await;
    scene.phone.proxy.swallow_down();
    scene.phone.client.start().await.unwrap();
    scene.phone.proxy.mend();
    scene.phone.proxy.break_off();
    let stopped = |status: &Status| status.reason.contains("no storage left");
    let status = scene.phone.until("full", stopped).await;
    assert!(status.next_try_in_ms.is_some(), "{status:?}");
    let lines = scene.phone.client.read(|reader| reader.all::<PricebookItem>()).await.unwrap();
    assert!(lines.len() < 5_000);
    // What it waits for is said with what is behind it, if it still waits: uploads do not need that room.
    if let Some(waiting) = status.waiting.filter(|waiting| waiting.waits_for == WaitsFor::Later) {
        assert!(waiting.reason.contains("no storage left"), "{waiting:?}");
    }
    // Room was made.
    scene.phone.client.close().await;
    scene.phone.options.store.max_file_bytes = None;
    scene.reopen().await;
    let held = scene.phone.client.read(move |reader| reader.get(line.material_id)).await.unwrap();
    assert!(held.is_some(), "what was entered is there");
    scene.phone.assert_converged(&scene.field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong() {
    let mut scene = Scene::new().await;
    let clock = Arc::new(SetClock::default());
    scene.phone.options.clock = clock.clone();
    scene.phone.options.limits.overdue_sending_ms = 8 * 3_600 * 1_000;
    scene.reopen().await;
    scene.phone.proxy.cut();
    scene.phone.until("noticed", |status| !status.connection.is_online()).await;
    scene.enter().await;
    let (_, waiting) = scene.waits(WaitsFor::Server, false).await;
    assert!(ago_ms(waiting.since) < TEST_MS);
    // A day ahead by the clock people set: nothing waits longer for that.
    clock.is_set(DAY_MS);
    scene.phone.proxy.mend();
    scene.phone.proxy.break_off();
    scene.phone.settled().await;
    scene.phone.proxy.cut();
    scene.phone.until("noticed", |status| !status.connection.is_online()).await;
    scene.enter().await;
    let (_, waiting) = scene.waits(WaitsFor::Server, false).await;
    assert!(!waiting.overdue && (ago_ms(waiting.since) + DAY_MS).abs() < TEST_MS, "by the device's clock: {waiting:?}");
    scene.phone.proxy.mend();
    scene.phone.settled().await;
    // A day behind: what waits too long is found out all the same.
    clock.is_set(-DAY_MS);
    scene.phone.options.limits.overdue_sending_ms = SOON_MS;
    scene.reopen().await;
    scene.phone.proxy.cut();
    scene.phone.until("noticed", |status| !status.connection.is_online()).await;
    scene.enter().await;
    let (_, late) = scene.waits(WaitsFor::Server, true).await;
    assert!((ago_ms(late.since) - DAY_MS).abs() < TEST_MS, "{late:?}");
}
