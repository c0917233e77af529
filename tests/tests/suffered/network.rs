//! The network failed once, and sync never got over it.

use std::time::Duration;

use satchel_client::{Connection, engine::Limits};
use satchel_domain::{
    REGISTRY,
    tables::{Job, PricebookItem, VisitState},
};
use satchel_server::{http::Settings, stream::StreamSettings};
use satchel_tests::{
    phone::{Field, PASSWORD, Phone},
    proxy::Proxy,
    server::TestServer,
};
use uuid::Uuid;

use crate::{lines, material};

/// Uploads were not tried again after one failure, until the app was started anew (powersync-native#15, swift#179,
/// kotlin#340).
#[tokio::test(flavor = "multi_thread")]
async fn uploads_were_not_tried_again_after_one_failure() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let phone = field.synced_phone(0).await;
    phone.proxy.cut();
    let line = material(contractor, work);
    phone.client.mutate(&line).await.unwrap();
    let failed = phone.until("failed", |status| status.connection == Connection::Waiting).await;
    assert_eq!(failed.queue.unsent(), 1);
    assert!(failed.next_try_in_ms.is_some() && !failed.next_step.is_empty(), "{failed:#?}");
    // Nobody tells the phone that the network is back, and nobody touches it.
    phone.proxy.mend();
    phone.settled().await;
    assert_eq!(lines(contractor, &[line.material_id]).await, 1);
}

/// Partitions of every kind left the queue stuck with a request that was neither answered nor failed
/// (powersync.dart#307, #253).
#[tokio::test(flavor = "multi_thread")]
async fn a_partition_wedged_the_uploads() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let phone = field.synced_phone(0).await;
    let mut entered = Vec::new();
    for _ in 0..5 {
        // The server hears the phone, the phone does not hear the server; then nobody hears anybody.
        for partition in [Proxy::swallow_down, Proxy::cut] {
            let line = material(contractor, work);
            phone.client.mutate(&line).await.unwrap();
            entered.push(line.material_id);
            partition(&phone.proxy);
        }
        phone.proxy.mend();
        phone.proxy.break_off();
    }
    phone.settled().await;
    assert_eq!(lines(contractor, &entered).await, 10);
    assert_eq!(contractor.count("select count(*) from satchel.material_used").await, 10);
    phone.assert_converged(&contractor.database).await;
}

/// While an upload was stuck, nothing was received either: the office moved a job, and the technician drove to the old
/// place (powersync.dart#326, #217; avni-client#2067).
#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_upload_froze_the_downloads() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let phone = field.synced_phone(0).await;
    phone.client.mutate(&material(contractor, work)).await.unwrap();
    phone.settled().await;
    // The push reaches the server and does not come through it.
    let mut lock = contractor.admin.begin().await.unwrap();
    sqlx::query("select from satchel.device for update").execute(&mut *lock).await.unwrap();
    let line = material(contractor, work);
    phone.client.mutate(&line).await.unwrap();
    sqlx::query("update satchel.job set title = 'Moved' where id = $1")
        .bind(work.job_id.uuid())
        .execute(&contractor.admin)
        .await
        .unwrap();
    let id = work.job_id;
    phone.sees("the change", move |reader| Ok(reader.get(id)?.filter(|job: &Job| job.title == "Moved"))).await;
    assert_eq!(phone.client.status().borrow().queue.unsent(), 1);
    lock.rollback().await.unwrap();
    phone.settled().await;
    assert_eq!(lines(contractor, &[line.material_id]).await, 1);
}

/// The app said it was connected, and for hours nothing came (powersync.dart#464).
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_froze_in_silence() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    // The same server, beating ten times as fast.
    let streams = StreamSettings { heartbeat: Duration::from_millis(200), ..StreamSettings::default() };
    let settings = Settings { stream: streams, ..Settings::default() };
    let auth = field.server.state().auth.clone();
    let server = TestServer::with_auth(auth, &contractor.database, &REGISTRY, settings).await;
    let caller = contractor.technicians[0].caller;
    let email = format!("{}@example.com", caller.user_id);
    let mut phone = Phone::sign_in(server.address(), &REGISTRY, &email, PASSWORD).await;
    let before = phone.options.limits;
    phone.options.limits = Limits { connect_ms: 1_000, silence_ms: 3_000, heartbeat_ms: 200, ..before };
    phone.reopen().await;
    phone.client.start().await.unwrap();
    phone.settled().await;
    phone.proxy.swallow_down();
    sqlx::query("update satchel.job set title = 'Moved' where id = $1")
        .bind(work.job_id.uuid())
        .execute(&contractor.admin)
        .await
        .unwrap();
    // The phone finds out by itself, says so, and is there again once the wire is.
    let silent = phone.until("not online any more", |status| !status.connection.is_online()).await;
    assert!(!silent.is_settled() && !silent.reason.is_empty(), "{silent:#?}");
    phone.proxy.mend();
    let id = work.job_id;
    phone.sees("the change", move |reader| Ok(reader.get(id)?.filter(|job: &Job| job.title == "Moved"))).await;
}

/// After a tunnel, signing in again waited for half a minute on a connection that the network had forgotten, and failed.
#[tokio::test(flavor = "multi_thread")]
async fn signing_in_waited_on_a_connection_that_was_gone() {
    let field = Field::new().await;
    let phone = field.synced_phone(0).await;
    // Connections of now are dead from here on, and neither end is told.
    phone.proxy.forget();
    phone.proxy.mend();
    let email = format!("{}@example.com", phone.caller.user_id);
    phone.client.sign_in(&email, PASSWORD, None).await.unwrap();
    phone.client.set_network(true).await.unwrap();
    phone.settled().await;
}

/// A row whose transaction committed late, after one with a later number or timestamp had been fetched, was never
/// fetched at all (rxdb#5571, #8285).
#[tokio::test(flavor = "multi_thread")]
async fn the_cursor_passed_over_what_was_committed_late() {
    const LINE: &str = "insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active) \
         values ($1, $2, $2::text, 'A line', 'material', 'each', 1, true)";
    let field = Field::new().await;
    let contractor = &field.contractor;
    let phone = field.synced_phone(0).await;
    let [early, late] = [Uuid::now_v7(), Uuid::now_v7()];
    let mut slow = contractor.admin.begin().await.unwrap();
    sqlx::query(LINE).bind(contractor.org_id).bind(early).execute(&mut *slow).await.unwrap();
    sqlx::query(LINE).bind(contractor.org_id).bind(late).execute(&contractor.admin).await.unwrap();
    phone.sees_row::<PricebookItem>(late).await;
    slow.commit().await.unwrap();
    phone.sees_row::<PricebookItem>(early).await;
    phone.settled().await;
    phone.assert_converged(&contractor.database).await;
}
