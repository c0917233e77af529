//! A replica that differs from what it should hold finds out, repairs itself by range, and reports that it did (P5).

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{path::Path, time::Duration};

use reqwest::Method;
use satchel_client::engine::Step;
use satchel_domain::{
    REGISTRY,
    tables::{Job, PricebookItem, VisitState},
};
use satchel_protocol::{Cell, Record as _, checksum::RANGES, limits::RANGE_ROWS};
use satchel_server::{http::Settings, stream::StreamSettings};
use satchel_tests::{
    contractor::Contractor,
    phone::Field,
    replica::{Replica, assert_converged},
    server::{TestServer, patiently, unhurried},
};
use uuid::Uuid;

/// Lines of the pricebook: many enough to be looked at by range.
const LINES: i32 = 6_000;

fn items(replica: &Replica) -> Vec<(String, Uuid)> {
    let table = PricebookItem::TABLE.name;
    replica.rows.keys().filter(|(name, _)| name == table).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_large_table_only_the_ranges_that_differ_are_sent() {
    let contractor = Contractor::new(&REGISTRY).await;
    let field = Field::on(contractor, &REGISTRY).await;
    field.pricebook(LINES).await;
    let (contractor, server) =
        (&field.contractor, TestServer::start(&field.contractor.database, &REGISTRY, unhurried()).await);
    let caller = contractor.technicians[0].caller;
    let client = server.client(caller);
    let mut replica = Replica::new(&REGISTRY, contractor.org_id);
    replica.catch_up(&client).await.unwrap();
    assert!(items(&replica).len() as u64 > RANGE_ROWS);

    let page = client.pull(&replica.request_repair_by_range()).await.unwrap();
    assert!(page.fill.is_empty() && page.tables.is_empty(), "nothing differs");

    // One lost, one old, one too many.
    let keys = items(&replica);
    let (lost, old) = (&keys[10], &keys[2_000]);
    let mut ghost = replica.rows.remove(lost).unwrap();
    let ghost_id = Uuid::now_v7();
    ghost[0] = ghost_id.into();
    replica.rows.insert((lost.0.clone(), ghost_id), ghost);
    replica.rows.get_mut(old).unwrap()[1] = Cell::Integer(1);
    let whole = client.pull(&replica.request_repair()).await.unwrap();
    assert!(whole.fill[0].ranges.is_empty() && whole.rows_total.unwrap() > LINES.cast_unsigned().into());

    let before = replica.rows_received;
    let mut page = client.pull(&replica.request_repair_by_range()).await.unwrap();
    let ranges = &page.fill[0].ranges[&contractor.org_id];
    assert!((1..=3).contains(&ranges.len()), "{ranges:?}");
    let announced = page.rows_total.unwrap();
    while !replica.apply(page) {
        page = client.pull(&replica.request()).await.unwrap();
    }
    let sent = replica.rows_received - before;
    assert_eq!(sent as u64, announced);
    assert!(sent < 3 * 2 * LINES as usize / RANGES, "{sent} rows for three that differed");
    assert_converged(&replica, &contractor.database, &caller).await;

    // A phone that claims ranges which are none is sent the whole table.
    replica.rows.remove(&items(&replica)[0]);
    let mut strange = replica.request_repair_by_range();
    strange.ranges.values_mut().flat_map(|scopes| scopes.values_mut()).for_each(|ranges| ranges.truncate(7));
    let page = client.pull(&strange).await.unwrap();
    assert!(page.fill[0].ranges.is_empty());
}

/// A wire that lost a delta and went on: the phone moved its cursor past what never came, said that everything was in sync, and
/// its own accepted work vanished from its screens until somebody compared.
#[tokio::test(flavor = "multi_thread")]
async fn a_delta_lost_on_the_wire_is_noticed_by_the_next() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    // No heartbeat comes in between.
    let streams = StreamSettings { heartbeat: Duration::from_secs(3_600), ..StreamSettings::default() };
    let settings = Settings { stream: streams, ..Settings::default() };
    let auth = field.server.state().auth.clone();
    let server = TestServer::with_auth(auth, &contractor.database, &REGISTRY, settings).await;
    let phone = field.synced_phone(0).await;
    phone.proxy.retarget(Some(server.address()));
    phone.proxy.break_off();
    phone.until("broken off", |status| !status.caught_up).await;
    phone.settled().await;
    let rename = async |title: &str| {
        let sql = "update satchel.job set title = $2 where id = $1";
        sqlx::query(sql).bind(work.job_id.uuid()).bind(title).execute(&contractor.admin).await.unwrap();
    };
    phone.proxy.lose_next_down();
    let name = "update satchel.customer set name = 'Never told' where id = $1";
    sqlx::query(name).bind(contractor.customer_id.uuid()).execute(&contractor.admin).await.unwrap();
    patiently(phone.proxy.lost()).await;
    rename("Moved").await;
    let id = work.job_id;
    phone.sees("the change", move |reader| Ok(reader.get::<Job>(id)?.filter(|job| job.title == "Moved"))).await;
    phone.settled().await;
    phone.assert_converged(&contractor.database).await;
    let failures = phone.client.diagnostics().await.unwrap().failures;
    assert!(failures.iter().any(|kind| kind.step == Step::ApplyPage && kind.count == 1), "{failures:?}");
}

/// Changes a replica's file under its feet.
fn tamper(path: &Path, statements: &str) {
    let file = rusqlite::Connection::open(path).unwrap();
    file.execute_batch(statements).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_repairs_a_large_table_for_a_few_bytes_and_reports_it() {
    let field = Field::new().await;
    field.pricebook(LINES).await;
    let mut phone = field.phone(field.contractor.technicians[0].caller).await;
    let before = phone.proxy.traffic();
    phone.client.start().await.unwrap();
    phone.settled().await;
    let first_sync = phone.proxy.traffic().since(before).down_bytes;
    assert_eq!(phone.client.diagnostics().await.unwrap().divergences, 0);
    let path = phone.client.replica_path().unwrap();
    phone.client.close().await;
    // A row went, another changed, and a checksum was kept that never was right.
    tamper(
        &path,
        "delete from pricebook_item where id = (select min(id) from pricebook_item);
         update pricebook_item set rev = 1, name = 'Changed' where id = (select max(id) from pricebook_item);
         update _checksum set rev_sum = rev_sum + 7 where table_name in ('pricebook_item', 'technician');
         delete from _meta where name = 'verified';",
    );
    phone.reopen().await;
    let before = phone.proxy.traffic();
    phone.client.start().await.unwrap();
    phone.settled().await;
    let repair = phone.proxy.traffic().since(before).down_bytes;
    assert!(repair * 10 < first_sync, "{repair} bytes to repair what took {first_sync} bytes to fill");
    phone.assert_converged(&field.contractor.database).await;

    assert_eq!(phone.client.diagnostics().await.unwrap().divergences, 1);
    let office = field.server.client(field.contractor.dispatcher);
    let metrics = office.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("satchel_replicas_diverged_total 1\n"), "{metrics}");
    // And no more, once it is over.
    phone.reopen().await;
    phone.client.start().await.unwrap();
    phone.settled().await;
    assert_eq!(phone.client.diagnostics().await.unwrap().divergences, 1);
}
