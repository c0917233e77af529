//! "Edit after a failed upload: same id, other content", and the server kept the old one (getodk/collect#4589).

use rust_decimal::Decimal;
use satchel_domain::{
    mutations::AddMaterial,
    tables::{MaterialUsed, VisitState},
};
use satchel_protocol::wire::Outcome;
use satchel_tests::phone::Field;
use serde_json::value::to_raw_value;

use crate::{item_for_sale, material, offline, reason};

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_another_change_and_never_passes_for_the_first() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let phone = offline(&field).await;
    let line = material(contractor, work);
    let key = phone.client.mutate(&line).await.unwrap().key;
    item_for_sale(contractor, false).await;
    phone.client.set_network(true).await.unwrap();
    phone.until("refused", |status| status.queue.rejected == 1).await;
    item_for_sale(contractor, true).await;
    phone.settled().await;
    let corrected = AddMaterial { quantity: Decimal::from(7), ..line.clone() };
    let new_key = phone.client.edit(key, to_raw_value(&corrected).unwrap()).await.unwrap();
    assert_ne!(new_key, key);
    phone.until("arrived", |status| status.queue.rejected == 0 && status.is_settled()).await;
    let stored: MaterialUsed = phone.sees_row(line.material_id.uuid()).await;
    assert_eq!(stored.quantity, Decimal::from(7));
    // Both are told apart for good: what was refused, and what came in its place.
    let history = phone.client.history(10).await.unwrap();
    let (old, new) = (
        &history.iter().find(|past| past.key == key).unwrap(),
        &history.iter().find(|past| past.key == new_key).unwrap(),
    );
    assert_eq!((old.replaced_by, new.retry_of), (Some(new_key), Some(key)));
    assert!(matches!(new.outcome, Outcome::Accepted { .. }));
    // A client that sends other content under the old key is refused.
    let mut device = contractor.phone(phone.caller);
    let mut forged = device.next(&corrected);
    forged.key = key;
    let answered = contractor.push(&device, vec![forged]).await.unwrap();
    assert_eq!(reason(&answered.verdicts[0].outcome), "mutation.key_reused");
}
