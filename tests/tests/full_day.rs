//! A technician's full day, done on one phone without a network and drained in the evening: office and phone agree to
//! the cent and to the piece of stock (R15, P1, P4, P5).
//!
//! The day does everything that the policy lets a technician do on a phone: a new mutation has to be given a place in it.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "full_day/books.rs"]
mod books;
#[path = "full_day/day.rs"]
mod day;
#[path = "full_day/figures.rs"]
mod figures;
#[path = "full_day/site.rs"]
mod site;
#[path = "full_day/visits.rs"]
mod visits;

use std::{collections::BTreeSet, time::Duration};

use satchel_client::Status;
use satchel_domain::{
    REGISTRY,
    roles::TECHNICIAN,
    tables::{ContractVisit, OwedState},
};
use satchel_server::policy::Policy;
use tokio::time::timeout;

use crate::{day::Day, figures::Figures, site::Site};

/// Mutations a technician makes in a day.
const DAY: usize = 150;
/// Seconds a day may take to drain on a machine that has other things to do.
const DRAIN_S: u64 = 120;

/// Everything a technician may do on a phone.
fn technicians_kinds() -> BTreeSet<&'static str> {
    let may = Policy::load(&REGISTRY).unwrap().permissions(&[TECHNICIAN.to_owned()]);
    let kinds = REGISTRY.mutations.iter().filter(|kind| !kind.server_only && may.may(kind.name));
    kinds.map(|kind| kind.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn office_and_phone_agree_after_a_full_day_without_a_network() {
    let site = Site::new().await;
    let mut day = Day::begin(&site).await;
    day.morning(&site).await;
    day.repair(&site).await;
    day.restart().await;
    let better = day.sale(&site).await;
    day.half_done(&site).await;
    day.restart().await;
    day.tune_up(&site).await;
    day.in_vain(&site).await;
    day.evening(&site).await;
    assert!(day.done.len() >= DAY, "a day of {} mutations", day.done.len());
    let used: BTreeSet<_> = day.done.iter().map(|done| done.name).collect();
    assert_eq!(used, technicians_kinds(), "what the day does, and what technicians may do on a phone");

    // Nothing has arrived, and the phone knows it all.
    let noted = Figures::on_phone(&day, &site).await;
    let device = day.phone.client.store().unwrap().device_id();
    let arrived = sqlx::query_scalar::<_, i64>("select count(*) from satchel.mutation_ledger where device_id = $1");
    assert_eq!(arrived.bind(device).fetch_one(&site.field.contractor.admin).await.unwrap(), 0);
    // Two of what was told to customers, by hand. 3 filters, 1.5 hours, 3 capacitors and hauling come to 278.22, less
    // 10 % is 250.40; of that all but the hours is taxed: 8.25 % of 121.02.
    assert_eq!(noted.options[&better.uuid()], (27_822, 2_782, 998, 26_038));
    // Filters: 20, counted -1, brought 12 and 4, used 4, 3, 1 and 2, given back 2, counted 1.
    let level = |item: satchel_protocol::Id<_>| noted.levels[&item.uuid()].0.normalize().to_string();
    assert_eq!(level(site.items.filter), "24");
    // Pipe: 250, counted -7.5, brought 100.125, used 10.125, 0.333 and 33.333, taken out 50, counted -0.042.
    assert_eq!(level(site.items.pipe), "248.792");
    // Capacitors: 8, counted 1, given away 2, brought 5, used 1 and 3.
    assert_eq!(level(site.items.capacitor), "8");

    day.phone.client.set_network(true).await.unwrap();
    let mut status = day.phone.client.status();
    let settled = timeout(Duration::from_secs(DRAIN_S), status.wait_for(Status::is_settled)).await;
    settled.expect("the day drains").unwrap();
    let attention = day.phone.client.attention().await.unwrap();
    assert!(attention.is_empty(), "{attention:#?}");
    books::assert_decided_alike(&site, &day).await;
    day.phone.assert_converged(&site.field.contractor.database).await;

    assert_eq!(Figures::on_phone(&day, &site).await, noted, "the phone, before and after");
    assert_eq!(Figures::in_postgres(&site).await, noted, "the office, and the phone before");
    noted.assert_told(&site).await;
    books::assert_in_order(&site).await;
    books::assert_audited(&site, &day).await;
    let owed: ContractVisit = day.reads(move |reader| reader.get(site.owed)).await.unwrap();
    assert_eq!(owed.state, OwedState::Done);
}
