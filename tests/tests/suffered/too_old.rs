//! "Please update" was all the app said, and the user begged for a copy of the queue (QField#6489).

use std::net::SocketAddr;

use satchel_client::{
    Connection,
    rescue::{Key, Lock, new_identity, open},
};
use satchel_domain::tables::{MaterialUsed, VisitState};
use satchel_protocol::{ErrorCode, ErrorEnvelope, wire::Outcome};
use satchel_server::{database::Caller, error::ApiError, push::rescued};
use satchel_tests::phone::Field;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::{lines, material};

/// A server of a later build, as far as a phone below its floor gets to know it.
async fn later_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound port");
    let error = ApiError::new(ErrorCode::UpgradeRequired, "This app is too old for the server. Please update it.");
    let body = serde_json::to_string(&ErrorEnvelope { error: error.body() }).expect("JSON");
    let answer = format!(
        "HTTP/1.1 426 Upgrade Required\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len(),
    );
    tokio::spawn(async move {
        while let Ok((mut phone, _)) = listener.accept().await {
            let mut request = vec![0; 64 * 1024];
            let _ = phone.read(&mut request).await;
            let _ = phone.write_all(answer.as_bytes()).await;
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_too_old_for_the_server_sat_on_its_work() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let mut phone = field.synced_phone(0).await;
    let (own_server, later) = (phone.options.server_url.clone(), later_server().await);
    phone.options.server_url = format!("http://{later}");
    phone.reopen().await;
    phone.client.start().await.unwrap();
    let told = phone.until("told to update", |status| status.connection == Connection::UpgradeRequired).await;
    assert!(told.next_step.contains("Update the app"), "{}", told.next_step);
    // Work goes on, is kept, and can leave the phone.
    let line = material(contractor, work);
    phone.client.mutate(&line).await.unwrap();
    phone.until("kept", |status| status.queue.unsent() == 1).await;
    phone.sees_row::<MaterialUsed>(line.material_id.uuid()).await;
    let (secret, public) = new_identity();
    let sealed = phone.client.export_rescue(Lock::PublicKey(public)).await.unwrap();
    let bundle = open(&sealed, &Key::Identity(secret)).unwrap();
    let author = Caller::trusted(bundle.org_id, bundle.user_id);
    for _ in 0..2 {
        let verdicts = rescued(&contractor.pusher, &author, bundle.mutations.clone(), |_| ()).await.unwrap();
        assert!(matches!(&verdicts[..], [verdict] if matches!(verdict.outcome, Outcome::Accepted { .. })));
        assert_eq!(lines(contractor, &[line.material_id]).await, 1);
    }
    // Updated, the phone sends it as well, and it stays one line.
    phone.options.server_url = own_server;
    phone.reopen().await;
    phone.client.start().await.unwrap();
    phone.settled().await;
    assert_eq!(contractor.count("select count(*) from satchel.material_used").await, 1);
    phone.assert_converged(&contractor.database).await;
}
