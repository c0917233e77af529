//! A batch that comes twice, late or out of order, a key or a device that two use: effects once, and the same answer to
//! every repeat (P2).

use satchel_domain::mutations::AddMaterial;
use satchel_protocol::{ErrorCode, Mutation as _, wire::PushedMutation};
use satchel_server::push;
use satchel_tests::contractor::{Phone, id};
use serde_json::json;
use uuid::Uuid;

use super::{accepted, add, at_work, contractor, materials, rejection};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_push_sent_twice_at_once_has_its_effects_once() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let batch: Vec<PushedMutation> = (0..20).map(|_| phone.next(&add(&contractor, &work))).collect();
    let (one, other) = tokio::join!(contractor.push(&phone, batch.clone()), contractor.push(&phone, batch.clone()));
    assert_eq!(one.unwrap(), other.unwrap());
    assert_eq!(materials(&contractor).await, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_after_a_lost_response_gets_the_stored_verdicts() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let mut batch = vec![phone.next(&add(&contractor, &work)), phone.next_raw("no/v1/such", "{}")];
    let first = contractor.push(&phone, batch.clone()).await.unwrap();
    assert_eq!(contractor.push(&phone, batch.clone()).await.unwrap(), first);

    // The phone went on meanwhile: old and new in one batch.
    batch.push(phone.next(&add(&contractor, &work)));
    let second = contractor.push(&phone, batch).await.unwrap();
    assert_eq!(second.verdicts[..2], first.verdicts);
    assert!(accepted(&second.verdicts[2].outcome));
    assert_eq!((second.last_seq, materials(&contractor).await), (3, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_applies_nothing_and_names_the_expected_seq() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let first = phone.next(&add(&contractor, &work));
    let second = phone.next(&add(&contractor, &work));
    let error = contractor.push(&phone, vec![second.clone()]).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::SequenceGap);
    assert_eq!(error.details()["expected_seq"], 1);
    assert_eq!(materials(&contractor).await, 0);

    // In order they go through, also as two pushes.
    contractor.push(&phone, vec![first]).await.unwrap();
    contractor.push(&phone, vec![second]).await.unwrap();
    assert_eq!(materials(&contractor).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_out_of_order_is_a_bad_request() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let (first, second) = (phone.next(&add(&contractor, &work)), phone.next(&add(&contractor, &work)));
    let error = contractor.push(&phone, vec![second, first]).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::BadRequest);
    assert_eq!(materials(&contractor).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_reused_with_other_content_is_a_conflict_and_the_rest_goes_on() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let first = phone.next(&add(&contractor, &work));
    contractor.push(&phone, vec![first.clone()]).await.unwrap();
    let mut reused = phone.next(&add(&contractor, &work));
    reused.key = first.key;
    let batch = vec![reused, phone.next(&add(&contractor, &work))];
    for _ in 0..2 {
        let response = contractor.push(&phone, batch.clone()).await.unwrap();
        let refused = rejection(&response.verdicts[0].outcome);
        assert_eq!((refused.code, refused.reason.as_str()), (ErrorCode::Conflict, "mutation.key_reused"));
        assert!(accepted(&response.verdicts[1].outcome));
        assert_eq!(response.last_seq, 3);
    }
    assert_eq!(materials(&contractor).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_mutation_at_another_seq_gets_its_verdict_again() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let first = phone.next(&add(&contractor, &work));
    phone.seq += 1;
    let again = PushedMutation { seq: 2, ..first.clone() };
    let response = contractor.push(&phone, vec![first, again]).await.unwrap();
    assert_eq!(response.verdicts[0].outcome, response.verdicts[1].outcome);
    assert_eq!((response.last_seq, materials(&contractor).await), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_phones_counting_under_one_device_id_find_out() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let mut clone = phone.clone();
    let mutation = phone.next(&add(&contractor, &work));
    contractor.push(&phone, vec![mutation]).await.unwrap();
    let other = clone.next(&add(&contractor, &work));
    let error = contractor.push(&clone, vec![other.clone()]).await.unwrap_err();
    assert_eq!((error.code(), &error.details()["seq"]), (ErrorCode::DeviceCloned, &json!(1)));
    assert_eq!(materials(&contractor).await, 1);

    // Under a device id of its own, with the key kept, nothing is lost.
    clone.device_id = Uuid::now_v7();
    contractor.push(&clone, vec![other]).await.unwrap();
    assert_eq!(materials(&contractor).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_belongs_to_one_user() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let mutation = phone.next(&add(&contractor, &work));
    contractor.push(&phone, vec![mutation]).await.unwrap();
    let mut stolen = Phone { caller: contractor.technicians[1].caller, ..phone };
    let mutation = stolen.next(&add(&contractor, &work));
    let error = contractor.push(&stolen, vec![mutation]).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Forbidden);

    let mut outsider = contractor.phone(contractor.dispatcher);
    outsider.caller.user_id = Uuid::now_v7();
    let mutation = outsider.next(&add(&contractor, &work));
    assert_eq!(contractor.push(&outsider, vec![mutation]).await.unwrap_err().code(), ErrorCode::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_user_is_a_conflict() {
    let contractor = contractor().await;
    let (work, mut phone) = at_work(&contractor).await;
    let first = phone.next(&add(&contractor, &work));
    contractor.push(&phone, vec![first.clone()]).await.unwrap();
    let mut office = contractor.phone(contractor.dispatcher);
    let mut batch = vec![office.next(&add(&contractor, &work)), office.next(&add(&contractor, &work))];
    batch[0].key = first.key;
    let response = contractor.push(&office, batch).await.unwrap();
    assert_eq!(rejection(&response.verdicts[0].outcome).reason, "mutation.key_reused");
    assert!(accepted(&response.verdicts[1].outcome));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_call_gives_the_same_answer_again() {
    let contractor = contractor().await;
    let (work, _) = at_work(&contractor).await;
    let key = Uuid::now_v7();
    let args = |material: &AddMaterial| serde_json::value::to_raw_value(material).unwrap();
    let material = add(&contractor, &work);
    let call = |args| push::single(&contractor.pusher, &contractor.dispatcher, key, AddMaterial::NAME, args);
    let (one, other) = tokio::join!(call(args(&material)), call(args(&material)));
    let one = one.unwrap();
    assert_eq!(one, other.unwrap());
    assert_eq!(one["unit_price_cents"], "1250");
    assert_eq!(call(args(&material)).await.unwrap(), one);
    assert_eq!(materials(&contractor).await, 1);

    let error = call(args(&add(&contractor, &work))).await.unwrap_err();
    assert_eq!((error.code(), &error.details()["reason"]), (ErrorCode::Conflict, &json!("mutation.key_reused")));

    let key = Uuid::now_v7();
    let call = |args| push::single(&contractor.pusher, &contractor.dispatcher, key, AddMaterial::NAME, args);
    let unknown = AddMaterial { item_id: id(), ..add(&contractor, &work) };
    for _ in 0..2 {
        let error = call(args(&unknown)).await.unwrap_err();
        assert_eq!(
            (error.code(), &error.details()["reason"]),
            (ErrorCode::NotFound, &json!("pricebook_item.not_found"))
        );
    }
}
