//! "The client was reset", and with the replica went what had not been sent (MongoDB Realm client resets;
//! powersync-service#333; QFieldCloud#314).

use satchel_domain::tables::{MaterialUsed, VisitState};
use satchel_tests::phone::Field;

use crate::{lines, material, offline};

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_of_the_replica_discarded_unsent_work() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let phone = offline(&field).await;
    let line = material(contractor, work);
    phone.client.mutate(&line).await.unwrap();
    // The history that the phone's cursor belongs to is over: everything it holds is compared anew.
    sqlx::query("select satchel.begin_history()").execute(&contractor.admin).await.unwrap();
    sqlx::query("update satchel.job set title = 'After' where id = $1")
        .bind(work.job_id.uuid())
        .execute(&contractor.admin)
        .await
        .unwrap();
    phone.sees_row::<MaterialUsed>(line.material_id.uuid()).await;
    phone.client.set_network(true).await.unwrap();
    phone.settled().await;
    assert_eq!(lines(contractor, &[line.material_id]).await, 1);
    phone.assert_converged(&contractor.database).await;
}
