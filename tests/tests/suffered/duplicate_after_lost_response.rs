//! "Duplicates": the answer was lost, the app sent it again, and the server booked it twice (erpnext#12971,
//! WatermelonDB#649).

use satchel_domain::tables::VisitState;
use satchel_tests::phone::Field;

use crate::{lines, material, offline};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_again_because_the_answer_was_lost_is_booked_once() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let mut phone = offline(&field).await;
    let line = material(contractor, work);
    let key = phone.client.mutate(&line).await.unwrap().key;
    // Sent and applied, but no answer comes back; then the app is killed and starts anew.
    let store = phone.client.store().unwrap();
    let batch = store.next_batch(10, usize::MAX).unwrap();
    let request = satchel_protocol::wire::PushRequest {
        protocol: satchel_protocol::PROTOCOL_VERSION,
        device_id: store.device_id(),
        mutations: batch,
    };
    drop(store);
    field.server.client(phone.caller).push(&request).await.expect("the server takes it");
    assert_eq!(lines(contractor, &[line.material_id]).await, 1);
    phone.reopen().await;
    phone.client.start().await.unwrap();
    phone.until("settled", |status| status.is_settled() && status.queue.rejected == 0).await;
    assert_eq!(contractor.count("select count(*) from satchel.material_used").await, 1);
    assert_eq!(contractor.count("select count(*) from satchel.mutation_ledger where seq is not null").await, 1);
    assert!(phone.client.history(10).await.unwrap().iter().any(|past| past.key == key));
    phone.assert_converged(&contractor.database).await;
}
