//! Limits: what is turned away whole, and what is parted so that it goes through.

use satchel_domain::mutations::CreateJob;
use satchel_protocol::{
    ErrorCode, limits,
    wire::{PushRequest, PushedMutation},
};
use satchel_server::{push, store};
use satchel_tests::contractor::{Phone, id};
use serde_json::json;
use uuid::Uuid;

use super::{accepted, add, at_work, contractor, materials};

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_about_very_many_things_goes_through() {
    let contractor = contractor().await;
    let mut office = contractor.phone(contractor.dispatcher);
    let batch = |office: &mut Phone| {
        let create = |_| {
            let create = CreateJob {
                job_id: id(),
                branch_id: contractor.branch_id,
                customer_id: contractor.customer_id,
                location_id: contractor.location_id,
                equipment_id: None,
                number: None,
                title: "A job".to_owned(),
                description: String::new(),
                priority: None,
                draft: false,
                first_visit: None,
            };
            office.next(&create)
        };
        (0..limits::PUSH_MUTATIONS).map(create).collect::<Vec<_>>()
    };
    let mut other = contractor.phone(contractor.dispatcher);
    let (one, two) = (batch(&mut office), batch(&mut other));
    let (one, two) = tokio::join!(contractor.push(&office, one), contractor.push(&other, two));
    for verdict in one.unwrap().verdicts.iter().chain(&two.unwrap().verdicts) {
        assert!(accepted(&verdict.outcome), "{verdict:?}");
    }
    assert_eq!(contractor.count("select count(*) from satchel.job").await, 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_over_a_limit_is_turned_away_whole() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let small = phone.next(&add(&contractor, &work));
    let large = phone.next_raw("test/v1/scribble", &format!("\"{}\"", "x".repeat(limits::ARGS_BYTES)));
    let error = contractor.push(&phone, vec![small.clone(), large]).await.unwrap_err();
    assert_eq!((error.code(), &error.details()["seq"]), (ErrorCode::PayloadTooLarge, &json!(2)));

    let many = (1..).take(limits::PUSH_MUTATIONS + 1).map(|seq| PushedMutation { seq, ..small.clone() }).collect();
    assert_eq!(contractor.push(&phone, many).await.unwrap_err().code(), ErrorCode::PayloadTooLarge);

    for (seq, key) in [(0, small.key), (1 << 53, small.key), (1, Uuid::nil())] {
        let wrong = PushedMutation { seq, key, ..small.clone() };
        assert_eq!(contractor.push(&phone, vec![wrong]).await.unwrap_err().code(), ErrorCode::BadRequest);
    }
    assert_eq!(contractor.push(&phone, Vec::new()).await.unwrap().last_seq, 0);
    assert_eq!(materials(&contractor).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_protocol_version_is_told_to_upgrade() {
    let contractor = contractor().await;
    for protocol in [0, 99] {
        let request = PushRequest { protocol, device_id: Uuid::now_v7(), mutations: Vec::new() };
        let error = push::push(&contractor.pusher, &contractor.dispatcher, request).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::UpgradeRequired);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_about_very_many_aggregates_waits_for_nobody_it_has_nothing_to_do_with() {
    let contractor = contractor().await;
    let (elsewhere, _) = at_work(&contractor).await;
    let mut office = contractor.phone(contractor.dispatcher);
    let create = |number: usize| CreateJob {
        job_id: id(),
        branch_id: contractor.branch_id,
        customer_id: contractor.customer_id,
        location_id: contractor.location_id,
        equipment_id: None,
        number: Some(number.to_string()),
        title: "A job".to_owned(),
        description: String::new(),
        priority: None,
        draft: false,
        first_visit: None,
    };
    let many = store::ROOT_LOCKS + 20;
    let batch: Vec<PushedMutation> = (0..many).map(|number| office.next(&create(number))).collect();

    let mut other = contractor.database.begin_write(&contractor.technicians[0].caller).await.unwrap();
    store::lock_roots(&mut other.tx, contractor.org_id, [elsewhere.job_id.uuid()]).await.unwrap();
    let response = contractor.push(&office, batch.clone()).await.unwrap();
    drop(other);
    assert_eq!((response.verdicts.len(), response.last_seq), (many, many as u64));
    assert!(response.verdicts.iter().all(|verdict| accepted(&verdict.outcome)));
    for (sent, verdict) in batch.iter().zip(&response.verdicts) {
        assert_eq!((sent.seq, sent.key), (verdict.seq, verdict.key));
    }
    assert_eq!(contractor.count("select count(*) from satchel.job where number is not null").await, many as i64);
    assert_eq!(contractor.push(&office, batch).await.unwrap(), response);
}
