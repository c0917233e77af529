//! "The parent failed and all its children with it": one refusal became a page of them, to be mended one by one
//! (research: deleted parent fails children).

use rust_decimal::Decimal;
use satchel_client::store::QueueState;
use satchel_domain::{
    mutations::CorrectMaterial,
    tables::{MaterialUsed, VisitState},
};
use satchel_tests::phone::Field;

use crate::{item_for_sale, material, offline};

#[tokio::test(flavor = "multi_thread")]
async fn one_retry_of_the_parent_sends_the_children_after_it() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let phone = offline(&field).await;
    let line = material(contractor, work);
    let parent = phone.client.mutate(&line).await.unwrap().key;
    let correct = |quantity: i64| CorrectMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: line.material_id,
        quantity: Decimal::from(quantity),
    };
    phone.client.mutate(&correct(2)).await.unwrap();
    phone.client.mutate(&correct(3)).await.unwrap();
    item_for_sale(contractor, false).await;
    phone.client.set_network(true).await.unwrap();
    phone.until("decided", |status| status.queue.rejected > 0 && status.queue.unsent() == 0).await;
    // Children that went out with their parent are grouped under it; those that had not are held.
    let attention = phone.client.attention().await.unwrap();
    let queue = phone.client.queue().await.unwrap();
    assert_eq!(queue.len(), 3);
    assert_eq!(attention[0].entry.key, parent);
    let grouped = attention.iter().skip(1).all(|child| child.because_of.is_some());
    assert!(grouped && queue.iter().all(|entry| matches!(entry.state, QueueState::Rejected | QueueState::Held { .. })));
    item_for_sale(contractor, true).await;
    phone.settled().await;
    phone.client.retry(parent).await.unwrap();
    phone.until("all arrived", |status| status.queue.kept_here() == 0 && status.is_settled()).await;
    let stored: MaterialUsed = phone.sees_row(line.material_id.uuid()).await;
    assert_eq!(stored.quantity, Decimal::from(3));
    phone.assert_converged(&contractor.database).await;
}
