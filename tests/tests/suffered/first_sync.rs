//! "Everything synced" was said, and it was not so.

use std::time::Duration;

use satchel_domain::tables::VisitState;
use satchel_tests::phone::Field;

use crate::{lines, material};

/// Pricebook lines: two pages.
const LINES: i32 = 6_000;
/// Bytes down after which the wire breaks, on the first page.
const BYTES: u64 = 150_000;

/// The wire broke, and half a replica passed for a whole one: technicians worked with customers missing (cht-core#7419).
#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_that_broke_off_was_taken_for_the_whole() {
    let field = Field::new().await;
    field.pricebook(LINES).await;
    let mut phone = field.phone(field.contractor.technicians[0].caller).await;
    phone.proxy.cut_after_down(BYTES);
    phone.client.start().await.unwrap();
    let broken = phone.until("the wire broke", |status| phone.proxy.is_cut() && !status.connection.is_online()).await;
    assert!(!broken.readiness.usable() && !broken.is_settled() && broken.last_synced_at.is_none(), "{broken:#?}");
    // Neither does it become whole by starting the app again, nor by asking once more.
    phone.reopen().await;
    assert!(!phone.client.store().unwrap().readiness().usable());
    let once = phone.client.sync_once(Duration::from_millis(200)).await.unwrap();
    assert!(!once.complete && !once.status.readiness.usable(), "{once:#?}");
    phone.proxy.mend();
    phone.client.start().await.unwrap();
    phone.settled().await;
    phone.assert_converged(&field.contractor.database).await;
}

/// "Sync now" said success although the request had timed out (cht-core#8303).
#[tokio::test(flavor = "multi_thread")]
async fn sync_now_said_success_on_a_timeout() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let phone = field.synced_phone(0).await;
    phone.client.stop().await.unwrap();
    let line = material(contractor, work);
    phone.client.mutate(&line).await.unwrap();
    phone.proxy.swallow_down();
    let now = phone.client.sync_once(Duration::from_millis(300)).await.unwrap();
    assert!(!now.complete && !now.status.reason.is_empty(), "{now:#?}");
    assert_eq!(now.status.queue.unsent(), 1);
    phone.proxy.mend();
    phone.proxy.break_off();
    let again = phone.client.sync_once(Duration::from_secs(20)).await.unwrap();
    assert!(again.complete, "{again:#?}");
    assert_eq!(lines(contractor, &[line.material_id]).await, 1);
}
