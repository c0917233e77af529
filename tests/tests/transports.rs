//! The ways to the server: WebSocket, SSE where it does not pass, and how little a reconnect costs.

use std::time::Duration;

use rust_decimal::Decimal;
use satchel_client::{Client, ClientError, ClientOptions, Connection, engine::Transport, session::SignInError};
use satchel_domain::{
    mutations::AddMaterial,
    tables::{MaterialUsed, VisitState},
};
use satchel_tests::{
    contractor::id,
    phone::{Field, PASSWORD},
    server::patiently,
    tls::TlsFront,
};

#[tokio::test(flavor = "multi_thread")]
async fn where_websockets_are_blocked_everything_works_over_sse() {
    let field = Field::new().await;
    field.pricebook(9_000).await;
    let work = field.contractor.work(VisitState::OnSite, &field.contractor.technicians).await;
    let phone = field.phone(field.contractor.technicians[0].caller).await;
    phone.proxy.refuse_websockets();
    phone.client.start().await.unwrap();
    let status = phone.settled().await;
    assert_eq!(status.connection, Connection::Online(Transport::Sse));
    phone.assert_converged(&field.contractor.database).await;

    let other = field.synced_phone(1).await;
    assert_eq!(other.client.status().borrow().connection, Connection::Online(Transport::WebSocket));
    let line = || AddMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: id(),
        item_id: field.contractor.item_id,
        quantity: Decimal::TWO,
    };
    let (mine, theirs) = (line(), line());
    phone.client.mutate(&mine).await.unwrap();
    other.sees_row::<MaterialUsed>(mine.material_id.uuid()).await;
    other.client.mutate(&theirs).await.unwrap();
    phone.sees_row::<MaterialUsed>(theirs.material_id.uuid()).await;
    phone.settled().await;

    // Another network, which lets them through.
    phone.proxy.mend();
    phone.proxy.break_off();
    phone.client.set_network(true).await.unwrap();
    phone
        .until("back on a WebSocket", |status| {
            status.connection == Connection::Online(Transport::WebSocket) && status.caught_up
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_over_sse_that_breaks_off_goes_on() {
    let field = Field::new().await;
    field.pricebook(12_000).await;
    let phone = field.phone(field.contractor.technicians[0].caller).await;
    phone.proxy.refuse_websockets();
    phone.proxy.cut_after_down(1_000_000);
    phone.client.start().await.unwrap();
    phone.until("cut", |status| status.progress.rows_done > 0 && phone.proxy.is_cut() && !status.caught_up).await;
    phone.proxy.mend();
    phone.proxy.refuse_websockets();
    let status = phone.settled().await;
    assert_eq!(status.connection, Connection::Online(Transport::Sse));
    phone.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reconnecting_with_nothing_new_is_one_round_trip_however_much_is_held() {
    let field = Field::new().await;
    field.pricebook(5_000).await;
    let phone = field.synced_phone(0).await;
    phone.client.stop().await.unwrap();
    phone.until("stopped", |status| status.connection == Connection::Stopped).await;
    let before = phone.proxy.traffic();
    phone.client.start().await.unwrap();
    phone.settled().await;
    let cost = phone.proxy.traffic().since(before);
    assert_eq!(cost.connections, 1, "{cost:?}");
    // The upgrade and the empty delta; the answer to a heartbeat or the like may follow.
    assert_eq!(cost.exchanges, 1, "{cost:?}");
    assert!(cost.down_bytes < 1_024, "{cost:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_wire_is_not_taken_for_a_dead_one() {
    let field = Field::new().await;
    let phone = field.phone(field.contractor.technicians[0].caller).await;
    phone.proxy.delay(Duration::from_millis(300));
    phone.client.start().await.unwrap();
    phone.settled().await;
    assert_eq!(phone.proxy.traffic().connections, 2, "one to sign in, one to sync");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_offset_is_measured() {
    let field = Field::new().await;
    let phone = field.synced_phone(0).await;
    let status = phone.until("a measured offset", |status| status.server_offset_ms.is_some()).await;
    assert!(status.server_offset_ms.unwrap().abs() < 10_000, "{status:#?}");
    assert!(status.last_synced_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn https_works_with_a_trusted_certificate_and_not_without() {
    let field = Field::new().await;
    let front = TlsFront::start(field.server.address()).await;
    let email = format!("{}@example.com", field.contractor.technicians[0].caller.user_id);
    let folder = tempfile::tempdir().unwrap();
    let mut options = ClientOptions::new(folder.path(), front.url(), &satchel_domain::REGISTRY);
    let stranger = Client::open(options.clone()).await.unwrap();
    let error = stranger.sign_in(&email, PASSWORD, None).await.unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");

    options.network.extra_authorities.push(front.authority());
    let client = Client::open(options).await.unwrap();
    let wrong = client.sign_in(&email, "wrong", None).await.unwrap_err();
    assert!(matches!(wrong, ClientError::SignIn(SignInError::Refused(_))), "{wrong}");
    client.sign_in(&email, PASSWORD, None).await.unwrap();
    client.start().await.unwrap();
    let mut status = client.status();
    let settled = patiently(status.wait_for(satchel_client::Status::is_settled)).await.unwrap().clone();
    assert_eq!(settled.connection, Connection::Online(Transport::WebSocket));
}
