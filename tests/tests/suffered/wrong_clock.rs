//! "Wrong clocks": a phone that believed to be in another year won against everybody, or against nobody
//! (cht-core#6284); hours were paid by a clock that somebody had set.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use satchel_domain::{
    mutations::{CorrectMaterial, StartTime, StopTime},
    queries::AuditFlagged,
    tables::{MaterialUsed, TimeEntry, TimeKind, VisitState},
};
use satchel_protocol::{Id, Query as _, context::ClientContext, wire::Outcome};
use satchel_server::push::clock;
use satchel_tests::{
    clock::SetClock,
    contractor::{Contractor, Work, id},
    phone::{Field, Phone},
    server::TestServer,
};
use serde_json::{Value, json, value::to_raw_value};
use uuid::Uuid;

use crate::material;

const YEAR_H: i64 = 365 * 24;
const HOUR_MS: i64 = 3_600_000;
/// Milliseconds that a test takes at most between a tap and its being looked at.
const TEST_MS: i64 = 60_000;

/// A phone that tells the time by that clock, and has compared it with the server's.
async fn phone_by(field: &Field, clock: &Arc<SetClock>) -> Phone {
    let mut phone = field.phone(field.contractor.technicians[0].caller).await;
    phone.options.clock = clock.clone();
    phone.reopen().await;
    phone.client.start().await.unwrap();
    phone.settled().await;
    phone.until("compared", |status| status.server_offset_ms.is_some()).await;
    phone
}

fn start(contractor: &Contractor) -> StartTime {
    let technician_id = contractor.technicians[0].id;
    StartTime { entry_id: id(), technician_id, kind: TimeKind::Work, job_id: None, visit_id: None }
}

fn stop(started: &StartTime) -> StopTime {
    StopTime { entry_id: started.entry_id, technician_id: started.technician_id, ended_at: None }
}

/// What a dispatcher is shown of what cannot be: mutation and doubts, newest first.
async fn flagged(contractor: &Contractor, server: &TestServer) -> Vec<(String, Value)> {
    let client = server.client(contractor.dispatcher);
    let path = format!("/api/v1/rpc/{}", AuditFlagged::NAME);
    let answer = client.request(reqwest::Method::POST, &path).json(&json!({})).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let page: Value = answer.json().await.unwrap();
    let entries = page["entries"].as_array().unwrap().iter();
    entries.map(|entry| (entry["name"].as_str().unwrap().to_owned(), entry["flags"].clone())).collect()
}

fn off_ms(instant: Timestamp) -> i64 {
    (Timestamp::now().as_millisecond() - instant.as_millisecond()).abs()
}

async fn entry(phone: &Phone, entry_id: Id<TimeEntry>) -> TimeEntry {
    phone.client.read(move |reader| reader.get(entry_id)).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_were_paid_by_a_clock_that_was_set() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let device = Arc::new(SetClock::default());
    let phone = phone_by(&field, &device).await;
    let (honest, later) = (start(contractor), start(contractor));
    phone.client.mutate(&honest).await.unwrap();
    phone.client.mutate(&stop(&honest)).await.unwrap();
    phone.settled().await;
    assert!(flagged(contractor, &field.server).await.is_empty());

    // In the basement somebody sets it ahead, and stops the time an hour "later".
    phone.client.set_network(false).await.unwrap();
    phone.client.mutate(&later).await.unwrap();
    device.is_set(HOUR_MS);
    phone.client.mutate(&stop(&later)).await.unwrap();
    phone.client.set_network(true).await.unwrap();
    phone.settled().await;
    let entry = entry(&phone, later.entry_id).await;
    assert!(off_ms(entry.ended_at.unwrap()) < TEST_MS, "time passed as it did: {entry:?}");
    let claim_ms = entry.ended_device_clock.unwrap().as_millisecond() - entry.ended_at.unwrap().as_millisecond();
    assert!((claim_ms - HOUR_MS).abs() < TEST_MS, "and the claim stands beside it: {entry:?}");
    assert!(off_ms(entry.started_device_clock.unwrap()) < TEST_MS);
    assert_eq!(flagged(contractor, &field.server).await, [("time/v1/stop".to_owned(), json!([clock::SET_AHEAD]))]);
    phone.assert_converged(&contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_with_an_empty_battery_could_not_work() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let device = Arc::new(SetClock::default());
    let mut phone = phone_by(&field, &device).await;
    phone.client.close().await;
    // It starts in 1970, in a basement.
    device.restarts();
    device.is_set(-Timestamp::now().as_millisecond());
    phone.reopen().await;
    let (line, started) = (material(contractor, work), start(contractor));
    phone.client.mutate(&line).await.unwrap();
    phone.client.mutate(&started).await.unwrap();
    phone.client.mutate(&stop(&started)).await.unwrap();
    phone.client.start().await.unwrap();
    phone.settled().await;
    assert!(phone.client.attention().await.unwrap().is_empty());
    assert_eq!(crate::lines(contractor, &[line.material_id]).await, 1);
    let entry = entry(&phone, started.entry_id).await;
    assert_eq!(entry.started_at, "2000-01-01T00:00:00Z".parse().unwrap());
    let names = ["time/v1/stop", "time/v1/start", "material/v1/add"];
    let flagged = flagged(contractor, &field.server).await;
    let told: Vec<&str> = flagged.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.iter().all(|name| told.contains(name)), "{flagged:?}");
    assert!(flagged.iter().all(|(_, flags)| flags.as_array().unwrap().contains(&json!(clock::PAST))), "{flagged:?}");
    phone.assert_converged(&contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_of_tomorrow_and_clocks_set_back_are_taken_and_flagged() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let mut device = contractor.phone(contractor.technicians[0].caller);
    let (now, boot_id) = (Timestamp::now(), Some(Uuid::from_u128(7)));
    let mut sent = async |mutation: &dyn Fn(&mut satchel_tests::contractor::Phone) -> _, context: ClientContext| {
        let mut next: satchel_protocol::wire::PushedMutation = mutation(&mut device);
        next.context = to_raw_value(&context).unwrap();
        let answer = contractor.push(&device, vec![next]).await.unwrap();
        assert!(matches!(answer.verdicts[0].outcome, Outcome::Accepted { .. }), "{:?}", answer.verdicts);
    };
    let at = |ms: i64, monotonic_ms: i64| ClientContext {
        boot_id,
        monotonic_ms: Some(monotonic_ms),
        uncertainty_ms: Some(100),
        ..ClientContext::at(now + SignedDuration::from_millis(ms))
    };
    let (first, second) = (start(contractor), start(contractor));
    sent(&|device| device.next(&first), at(0, 10_000)).await;
    sent(&|device| device.next(&stop(&first)), at(24 * HOUR_MS, 10_000 + 24 * HOUR_MS)).await;
    sent(&|device| device.next(&second), at(-HOUR_MS, 10_001 + 24 * HOUR_MS)).await;
    let told = flagged(contractor, &field.server).await;
    assert_eq!(
        told,
        [("time/v1/start".to_owned(), json!([clock::SET_BACK])), ("time/v1/stop".to_owned(), json!([clock::FUTURE]))]
    );
    // Evidence is kept as it came, and nobody of the field reads it.
    let kept = "select count(*) from satchel.audit_log where boot_id is not null and monotonic_ms >= 10000 \
                and uncertainty_ms = 100 and server_offset_ms is null";
    assert_eq!(contractor.count(kept).await, 3);
    let technician = field.server.client(contractor.technicians[0].caller);
    let path = format!("/api/v1/rpc/{}", AuditFlagged::NAME);
    let refused = technician.request(reqwest::Method::POST, &path).json(&json!({})).send().await.unwrap();
    assert_eq!(refused.status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_decided_who_was_last() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let watching = field.synced_phone(0).await;
    let line = material(contractor, work);
    watching.client.mutate(&line).await.unwrap();
    watching.settled().await;
    let Work { job_id, visit_id } = work;
    // Years ahead, then years behind: what comes last stands, whatever its clock says.
    for (years, quantity) in [(10, 2), (-10, 3), (1, 4), (-20, 5)] {
        let mut device = contractor.phone(contractor.technicians[1].caller);
        let quantity = Decimal::from(quantity);
        let mut sent = device.next(&CorrectMaterial { job_id, visit_id, material_id: line.material_id, quantity });
        let clock = Timestamp::now() + SignedDuration::from_hours(years * YEAR_H);
        let context = ClientContext { clock_trusted: false, ..ClientContext::at(clock) };
        sent.context = to_raw_value(&context).unwrap();
        let answer = contractor.push(&device, vec![sent]).await.unwrap();
        assert!(matches!(answer.verdicts[0].outcome, Outcome::Accepted { .. }), "{:?}", answer.verdicts);
        field.server.state().hub.signal();
        let id = line.material_id;
        watching
            .sees("the quantity", move |reader| {
                Ok(reader.get(id)?.filter(|line: &MaterialUsed| line.quantity == quantity))
            })
            .await;
    }
    watching.settled().await;
    watching.assert_converged(&contractor.database).await;
}
