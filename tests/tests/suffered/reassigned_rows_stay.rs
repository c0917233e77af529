//! "Reassigned records stay on the old phone", and what was entered on them ended nowhere (cht-core#5701, #11306).

use satchel_domain::{
    mutations::{AssignTech, UnassignTech},
    tables::{Job, MaterialUsed, Visit, VisitState},
};
use satchel_protocol::inbox::{ApplyItem, REASSIGNED};
use satchel_tests::{contractor::Work, phone::Field};

use crate::{lines, material, office, offline, reason};

#[tokio::test(flavor = "multi_thread")]
async fn a_reassigned_job_leaves_the_old_phone_and_its_work_goes_to_the_office() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let [first, second] = contractor.technicians;
    let work = contractor.work(VisitState::OnSite, &[first]).await;
    let phone = offline(&field).await;
    let line = material(contractor, work);
    let key = phone.client.mutate(&line).await.unwrap().key;
    let Work { job_id, visit_id } = work;
    let technician_id = second.id;
    office(contractor, &AssignTech { job_id, visit_id, technician_id, confirm_overlap: true, confirm: Vec::new() })
        .await;
    office(contractor, &UnassignTech { job_id, visit_id, technician_id: first.id }).await;
    phone.client.set_network(true).await.unwrap();
    phone.loses_row::<Job>(job_id.uuid()).await;
    phone.loses_row::<Visit>(visit_id.uuid()).await;
    phone.until("told", |status| status.queue.rejected == 1).await;
    let attention = phone.client.attention().await.unwrap();
    assert_eq!((reason(&attention[0].outcome), attention[0].with_office), (REASSIGNED, true));
    office(contractor, &ApplyItem { key, note: None }).await;
    phone.until("adopted", |status| status.queue.rejected == 0).await;
    assert_eq!(lines(contractor, &[line.material_id]).await, 1);
    // His successor sees the work; he himself sees the job no more.
    let other = field.synced_phone(1).await;
    other.sees_row::<MaterialUsed>(line.material_id.uuid()).await;
    phone.settled().await;
    for phone in [&phone, &other] {
        phone.assert_converged(&contractor.database).await;
    }
}
