//! The office has a phone cleared: it sends what it has, clears itself, and says so.

use satchel_client::{Client, Store, engine::Ended};
use satchel_domain::mutations::CorrectMaterial;
use satchel_protocol::ErrorCode;
use satchel_tests::phone::{PASSWORD, Phone};
use serde_json::json;

use super::support::{Office, email, post};

/// What lies in the phone's folder.
fn files(phone: &Phone) -> Vec<String> {
    let entries = std::fs::read_dir(&phone.options.folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

async fn is_cleared(phone: &Phone) {
    phone.until("cleared", |status| status.ended == Some(Ended::Wiped)).await;
    assert_eq!(files(phone), Vec::<String>::new());
    assert!(phone.client.session().is_none() && phone.client.identity().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_phone_sends_its_work_before_it_clears_itself() {
    let office = Office::open().await;
    let (work, phone) = office.at_work().await;
    let device_id = phone.client.store().unwrap().device_id();
    office.device(|device| device.id == device_id && device.session_id.is_some()).await;
    phone.client.set_network(false).await.unwrap();
    let line = office.material(work);
    phone.client.mutate(&line).await.unwrap();
    post(&office.owner, &format!("devices/{device_id}/wipe"), json!({})).await.unwrap();
    let asked = office.device(|device| device.id == device_id).await;
    assert!(asked.wipe_asked_at.is_some() && asked.wiped_at.is_none() && asked.session_id.is_some());
    assert_eq!(phone.client.queue().await.unwrap().len(), 1, "it has not heard of it");

    phone.client.set_network(true).await.unwrap();
    is_cleared(&phone).await;
    assert!(office.holds(line.material_id).await);
    let cleared = office.device(|device| device.id == device_id).await;
    assert!(cleared.wiped_at.is_some() && cleared.session_id.is_none());
    let told = "select count(*) from satchel.account_event where action in ('device.wipe', 'device.wiped')";
    assert_eq!(office.field.contractor.count(told).await, 2);

    // Found again, it may be used again: as another device.
    phone.client.sign_in(&email(phone.caller), PASSWORD, None).await.unwrap();
    phone.client.start().await.unwrap();
    phone.settled().await;
    assert_ne!(phone.client.store().unwrap().device_id(), device_id);
    phone.assert_converged(&office.field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_its_author_goes_to_the_office() {
    let office = Office::open().await;
    let (work, phone) = office.at_work().await;
    phone.client.set_network(false).await.unwrap();
    let line = office.material(work);
    phone.client.mutate(&line).await.unwrap();
    let (job_id, visit_id, material_id) = (work.job_id, work.visit_id, line.material_id);
    let correct = CorrectMaterial { job_id, visit_id, material_id, quantity: rust_decimal::Decimal::TWO };
    phone.client.mutate(&correct).await.unwrap();
    office.run("update satchel.pricebook_item set active = false").await;
    phone.client.set_network(true).await.unwrap();
    let stuck = phone.until("refused", |status| status.queue.rejected > 0 && status.queue.unsent() == 0).await;
    assert_eq!(stuck.queue.rejected + stuck.queue.held, 2);

    let device_id = phone.client.store().unwrap().device_id();
    post(&office.owner, &format!("devices/{device_id}/wipe"), json!({})).await.unwrap();
    is_cleared(&phone).await;
    let contractor = &office.field.contractor;
    assert_eq!(contractor.count("select count(*) from satchel.inbox_item where status = 'open'").await, 2);
    let kept = "select count(*) from satchel.mutation_ledger where args like '%quantity%'";
    assert_eq!(contractor.count(kept).await, 2, "both in the bytes they were entered in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_whose_app_ended_in_between_goes_on() {
    let office = Office::open().await;
    let (_, mut phone) = office.at_work().await;
    let path = phone.client.replica_path().unwrap();
    let identity = phone.client.identity().unwrap();
    phone.client.close().await;
    let store = Store::open(&path, phone.options.registry, &identity, phone.options.store.clone()).unwrap();
    store.apply_page(r#"{"cursor":"elsewhere","wipe":"after_upload"}"#).unwrap();
    assert!(store.begin_wipe().unwrap());
    drop(store);
    std::fs::write(path.with_extension("sqlite.damaged-1"), "what could not be read").unwrap();
    phone.client = Client::open(phone.options.clone()).await.unwrap();
    is_cleared(&phone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_have_phones_cleared_and_how() {
    let office = Office::open().await;
    let (_, phone) = office.at_work().await;
    let device_id = phone.client.store().unwrap().device_id();
    let wipe = format!("devices/{device_id}/wipe");
    let colleague = office.field.server.client(office.field.contractor.technicians[1].caller);
    let refused = post(&colleague, &wipe, json!({})).await.unwrap_err();
    assert_eq!(refused.why().0, ErrorCode::NotFound);
    let manager = office.member("operations_manager").await;
    let at_once = json!({ "wipe": "at_once" });
    let refused = post(&manager, "wipe-policy", at_once.clone()).await.unwrap_err();
    assert_eq!(refused.why(), (ErrorCode::Forbidden, Some("account.owners_only")));
    let refused = post(&office.owner, "wipe-policy", json!({ "wipe": "never" })).await.unwrap_err();
    assert_eq!(refused.why().0, ErrorCode::BadRequest);
    post(&office.owner, "wipe-policy", at_once).await.unwrap();
    let unasked = phone.client.session().unwrap().tokens.unwrap().access;
    let own = office.field.server.client_with_token(office.field.contractor.org_id, unasked);
    let refused = post(&own, &format!("devices/{device_id}/wiped"), json!({})).await.unwrap_err();
    assert_eq!(refused.why().0, ErrorCode::NotFound, "nobody asked");
    post(&manager, &wipe, json!({})).await.unwrap();
    is_cleared(&phone).await;
}
