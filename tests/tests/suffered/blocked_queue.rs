//! "One bad record blocks the queue": nothing behind it was sent until somebody deleted it (frappe/erpnext#13388,
//! commcare-android#1807).

use satchel_domain::{mutations::AcceptVisit, tables::VisitState};
use satchel_tests::phone::Field;

use crate::{item_for_sale, lines, material, offline};

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_record_in_front_of_the_queue_stops_nothing_behind_it() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let other = contractor.work(VisitState::Dispatched, &contractor.technicians).await;
    let phone = offline(&field).await;
    let bad = material(contractor, work);
    let bad_key = phone.client.mutate(&bad).await.unwrap().key;
    for _ in 0..3 {
        let accept = AcceptVisit { job_id: other.job_id, visit_id: other.visit_id, reason: None };
        // The second and third time it is refused here already, and never queued.
        let _ = phone.client.mutate(&accept).await;
    }
    item_for_sale(contractor, false).await;
    phone.client.set_network(true).await.unwrap();
    phone.until("all is decided", |status| status.queue.rejected == 1 && status.is_settled()).await;
    let attention = phone.client.attention().await.unwrap();
    assert_eq!(attention.len(), 1);
    assert_eq!(attention[0].entry.key, bad_key);
    assert_eq!(contractor.count("select count(*) from satchel.visit where state = 'accepted'").await, 1);
    // What is wrong with it is mended, and it goes.
    item_for_sale(contractor, true).await;
    phone.client.retry(bad_key).await.unwrap();
    phone.until("everything arrived", |status| status.queue.rejected == 0 && status.is_settled()).await;
    assert_eq!(lines(contractor, &[bad.material_id]).await, 1);
    phone.assert_converged(&contractor.database).await;
}
