//! "An offline edit resurrects a deleted document" (pouchdb#6666).

use rust_decimal::Decimal;
use satchel_domain::{
    mutations::CorrectMaterial,
    tables::{MaterialUsed, VisitState},
};
use satchel_tests::phone::Field;

use crate::{lines, material, reason};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_office_deleted_stays_deleted_under_an_offline_edit() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let phone = field.synced_phone(0).await;
    let line = material(contractor, work);
    phone.client.mutate(&line).await.unwrap();
    phone.settled().await;
    phone.client.set_network(false).await.unwrap();
    let correct = CorrectMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: line.material_id,
        quantity: Decimal::from(5),
    };
    let key = phone.client.mutate(&correct).await.unwrap().key;
    sqlx::query("delete from satchel.material_used where id = $1")
        .bind(line.material_id.uuid())
        .execute(&contractor.admin)
        .await
        .unwrap();
    phone.client.set_network(true).await.unwrap();
    phone.until("refused", |status| status.queue.rejected == 1).await;
    phone.loses_row::<MaterialUsed>(line.material_id.uuid()).await;
    assert_eq!(lines(contractor, &[line.material_id]).await, 0);
    let attention = phone.client.attention().await.unwrap();
    assert_eq!((attention[0].entry.key, reason(&attention[0].outcome)), (key, "material_used.not_found"));
    // It was deleted, not given to somebody else: nothing for the office to decide.
    assert!(!attention[0].with_office);
    phone.settled().await;
    phone.assert_converged(&contractor.database).await;
}
