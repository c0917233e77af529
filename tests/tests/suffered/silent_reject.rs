//! "Records missing from the server and from the queue, no error" (erpnext#11461, couchbase-lite-ios#285, QFieldCloud#314).

use satchel_domain::tables::{MaterialUsed, VisitState};
use satchel_tests::phone::Field;

use crate::{item_for_sale, lines, material, offline, reason};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_refused_is_kept_with_its_reason_through_restarts_and_further_syncs() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let mut phone = offline(&field).await;
    let line = material(contractor, work);
    let key = phone.client.mutate(&line).await.unwrap().key;
    item_for_sale(contractor, false).await;
    phone.client.set_network(true).await.unwrap();
    phone.until("refused", |status| status.queue.rejected == 1).await;
    // The screen shows what the server has, and the list what it did not take, word for word.
    phone.loses_row::<MaterialUsed>(line.material_id.uuid()).await;
    for _ in 0..2 {
        phone.reopen().await;
        phone.client.start().await.unwrap();
        phone.settled().await;
        let attention = phone.client.attention().await.unwrap();
        assert_eq!((attention.len(), attention[0].entry.key), (1, key));
        assert!(!reason(&attention[0].outcome).is_empty());
        assert_eq!(attention[0].entry.args.get(), serde_json::to_string(&line).unwrap());
    }
    let status = phone.until("it says so", |status| status.reason.contains("need attention")).await;
    assert_eq!(status.queue.rejected, 1);
    assert_eq!(lines(contractor, &[line.material_id]).await, 0);
}
