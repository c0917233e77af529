//! First syncs that break off (P5, P8): they go on where they broke, and nothing is called ready before it is.

use satchel_client::store::Readiness;
use satchel_tests::phone::Field;

/// Pricebook lines: several pages.
const LINES: i32 = 18_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_that_is_killed_half_way_goes_on_and_does_not_restart() {
    let field = Field::new().await;
    field.pricebook(LINES).await;
    let [first, second] = field.contractor.technicians.map(|technician| technician.caller);
    let whole = field.phone(first).await;
    whole.client.start().await.unwrap();
    whole.settled().await;
    let whole_bytes = whole.proxy.traffic().down_bytes;

    let mut phone = field.phone(second).await;
    phone.proxy.cut_after_down(whole_bytes / 2);
    phone.client.start().await.unwrap();
    let broken =
        phone.until("cut half way", |status| status.progress.rows_done > 0 && !status.connection.is_online()).await;
    assert_eq!(broken.readiness, Readiness::Filling, "{broken:#?}");
    assert!(broken.progress.rows_done < u64::try_from(LINES).unwrap(), "{broken:#?}");
    // The app is killed, too.
    phone.reopen().await;
    let store = phone.client.store().unwrap();
    assert_eq!(store.readiness(), Readiness::Filling);
    let (done, total) = (store.progress().rows_done, store.progress().rows_total.unwrap());
    assert!(done > 0 && done < total, "{done} of {total}");
    drop(store);
    phone.proxy.mend();
    let before = phone.proxy.traffic().down_bytes;
    let mut readiness = Vec::new();
    phone.client.start().await.unwrap();
    let last = phone
        .until("both sides agree", |status| {
            readiness.push(status.readiness);
            status.is_settled()
        })
        .await;
    assert_eq!(last.readiness, Readiness::Ready);
    // Ready came with the closing page, which holds the manifest, and not before.
    let first_ready = readiness.iter().position(|readiness| *readiness == Readiness::Ready);
    assert!(readiness[..first_ready.unwrap()].iter().all(|readiness| !readiness.usable()), "{readiness:?}");
    let again = phone.proxy.traffic().down_bytes - before;
    let missing = whole_bytes * (total - done) / total;
    assert!(again < missing + whole_bytes / 10, "{again} bytes after the cut, {missing} of {whole_bytes} were missing");
    phone.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_over_a_wire_that_keeps_breaking_gets_there() {
    let field = Field::new().await;
    field.pricebook(LINES).await;
    let phone = field.phone(field.contractor.technicians[0].caller).await;
    let mut cuts = 0;
    phone.client.start().await.unwrap();
    let mut status = phone.client.status();
    loop {
        phone.proxy.cut_after_down(1_000_000);
        let done = phone.until("cut or done", |status| status.is_settled() || phone.proxy.is_cut()).await;
        if done.is_settled() {
            break;
        }
        cuts += 1;
        phone.proxy.mend();
        status.mark_unchanged();
    }
    assert!(cuts >= 2, "{cuts}");
    phone.assert_converged(&field.contractor.database).await;
}
