//! Work that a phone cannot send itself: taken in by the office out of a rescue bundle, or kept when the replica's file
//! is damaged.

use std::{fs, os::unix::fs::FileExt as _};

use rust_decimal::Decimal;
use satchel_client::rescue::{Key, Lock, SecretString, new_identity, open};
use satchel_domain::{
    mutations::{AddMaterial, ArriveAtVisit},
    tables::{MaterialUsed, VisitState},
};
use satchel_protocol::{ErrorCode, wire::Outcome};
use satchel_server::{database::Caller, push::rescued};
use satchel_tests::{
    contractor::{Work, id},
    phone::{Field, Phone},
};

fn material(field: &Field, work: &Work) -> AddMaterial {
    AddMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: id(),
        item_id: field.contractor.item_id,
        quantity: Decimal::TWO,
    }
}

async fn lines(field: &Field) -> i64 {
    field.contractor.count("select count(*) from satchel.material_used").await
}

fn accepted(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Accepted { .. })
}

/// A phone with three mutations that it cannot send, the first of which was received though its answer was lost.
async fn stranded() -> (Field, Phone) {
    let field = Field::new().await;
    let work = field.contractor.work(VisitState::OnSite, &field.contractor.technicians).await;
    let phone = field.synced_phone(0).await;
    phone.proxy.swallow_down();
    phone.client.mutate(&material(&field, &work)).await.expect("signed in");
    satchel_tests::server::patiently(async {
        while lines(&field).await == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    phone.proxy.cut();
    for _ in 0..2 {
        phone.client.mutate(&material(&field, &work)).await.expect("signed in");
    }
    (field, phone)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_takes_a_bundle_in_and_nothing_is_applied_twice() {
    let (field, phone) = stranded().await;
    let (secret, public) = new_identity();
    let sealed = phone.client.export_rescue(Lock::PublicKey(public)).await.unwrap();
    let bundle = open(&sealed, &Key::Identity(secret)).unwrap();
    assert_eq!(bundle.mutations.len(), 3);
    let author = Caller::trusted(bundle.org_id, bundle.user_id);
    assert_eq!(author, phone.caller);
    for _ in 0..2 {
        let verdicts = rescued(&field.contractor.pusher, &author, bundle.mutations.clone(), |_| ()).await.unwrap();
        assert!(verdicts.iter().all(|verdict| accepted(&verdict.outcome)), "{verdicts:?}");
        assert_eq!(lines(&field).await, 3);
    }
    // The phone is found again, and sends what it has.
    phone.proxy.mend();
    phone.client.set_network(true).await.unwrap();
    phone.settled().await;
    assert_eq!(lines(&field).await, 3);
    assert!(phone.client.attention().await.unwrap().is_empty());
    phone.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_phone_of_the_same_user_takes_a_bundle_in() {
    let (field, phone) = stranded().await;
    let passphrase = SecretString::from("eleven blue boats".to_owned());
    let sealed = phone.client.export_rescue(Lock::Passphrase(passphrase.clone())).await.unwrap();
    let spare = field.synced_phone(0).await;
    let taken = spare.client.import_rescue(sealed.clone(), Key::Passphrase(passphrase.clone())).await.unwrap();
    assert_eq!((taken.added, taken.known), (3, 0));
    spare.settled().await;
    assert_eq!(lines(&field).await, 3);
    let again = spare.client.import_rescue(sealed, Key::Passphrase(passphrase)).await.unwrap();
    assert_eq!((again.added, again.known), (0, 3));
    spare.settled().await;
    spare.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_executed_with_its_authors_rights_and_no_others() {
    let (field, phone) = stranded().await;
    let (secret, public) = new_identity();
    let sealed = phone.client.export_rescue(Lock::PublicKey(public)).await.unwrap();
    let bundle = open(&sealed, &Key::Identity(secret)).unwrap();
    // Somebody put another author's name on it: the keys are not that author's.
    let stranger = field.contractor.technicians[1].caller;
    let verdicts = rescued(&field.contractor.pusher, &stranger, bundle.mutations[..1].to_vec(), |_| ()).await.unwrap();
    assert!(matches!(&verdicts[0].outcome, Outcome::Rejected(why) if why.reason == "mutation.key_reused"));
    // Another organization's, which the author is not in.
    let elsewhere = Caller::trusted(uuid::Uuid::now_v7(), bundle.user_id);
    let refused = rescued(&field.contractor.pusher, &elsewhere, bundle.mutations.clone(), |_| ()).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden);
    assert_eq!(lines(&field).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_whose_file_is_damaged_keeps_its_work_and_fills_again() {
    let field = Field::new().await;
    field.pricebook(2_000).await;
    let work = field.contractor.work(VisitState::Traveling, &field.contractor.technicians).await;
    let mut phone = field.synced_phone(0).await;
    phone.client.stop().await.unwrap();
    phone.client.mutate(&ArriveAtVisit { job_id: work.job_id, visit_id: work.visit_id, reason: None }).await.unwrap();
    let line = material(&field, &work);
    phone.client.mutate(&line).await.unwrap();
    phone.client.store().unwrap().checkpoint().unwrap();
    let path = phone.client.replica_path().unwrap();
    phone.client.close().await;
    // In the middle of the pricebook.
    let length = fs::metadata(&path).unwrap().len();
    let file = fs::File::options().write(true).open(&path).unwrap();
    let pricebook = length / 2 / 4_096 * 4_096;
    file.write_all_at(&[0xa5; 64 * 4_096], pricebook).unwrap();
    drop(file);
    phone.reopen().await;
    if phone.client.salvaged().unwrap().is_none() {
        // It opened: the damage shows when it is read.
        phone.client.repair_replica().await.unwrap();
    }
    let salvaged = phone.client.salvaged().unwrap().expect("a fresh file");
    assert_eq!((salvaged.mutations, salvaged.complete), (2, true));
    assert!(salvaged.kept_at.exists());
    phone.client.start().await.unwrap();
    phone.settled().await;
    phone.sees_row::<MaterialUsed>(line.material_id.uuid()).await;
    phone.assert_converged(&field.contractor.database).await;
    assert_eq!(lines(&field).await, 1);
}
