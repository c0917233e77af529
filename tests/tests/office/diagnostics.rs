//! What support may see of a phone, and what it may not.

use satchel_client::engine::Class;
use satchel_domain::{
    mutations::{AcceptVisit, CreateNote},
    tables::VisitState,
};
use satchel_tests::{contractor::id, phone::Field};

const SECRET: &str = "The dog is called Brutus";

#[tokio::test(flavor = "multi_thread")]
async fn a_report_tells_what_waits_and_why_and_nothing_of_what_was_entered() {
    let field = Field::new().await;
    let work = field.contractor.work(VisitState::Dispatched, &field.contractor.technicians[..1]).await;
    let phone = field.synced_phone(0).await;
    phone.proxy.cut();
    phone.client.mutate(&AcceptVisit { job_id: work.job_id, visit_id: work.visit_id, reason: None }).await.unwrap();
    let note = CreateNote { job_id: work.job_id, note_id: id(), title: SECRET.to_owned() };
    phone.client.mutate(&note).await.unwrap();
    phone.until("cut off", |status| !status.connection.is_online()).await;
    let stranded = phone.client.diagnostics().await.unwrap();
    let queue = stranded.queue.as_ref().expect("a queue that can be read");
    assert_eq!(queue.pending.count + queue.sending.count, 2);
    let oldest_at_ms = queue.pending.oldest_at_ms.into_iter().chain(queue.sending.oldest_at_ms).min().expect("an age");
    assert!(oldest_at_ms.cast_signed() <= stranded.made_at.as_millisecond());
    assert!(stranded.failures.iter().any(|kind| kind.class == Class::Network && kind.count > 0), "{stranded:?}");
    assert!(stranded.running && stranded.device_id.is_some() && stranded.last_synced_at.is_some());
    assert!(stranded.files.replica_bytes.is_some_and(|bytes| bytes > 0) && stranded.files.log_bytes.is_some());

    sqlx::query("update satchel.visit set state = 'canceled' where id = $1")
        .bind(work.visit_id.uuid())
        .execute(&field.contractor.admin)
        .await
        .unwrap();
    phone.proxy.mend();
    phone.client.set_network(true).await.unwrap();
    phone.until("one needs attention", |status| status.queue.rejected == 1 && status.queue.unsent() == 0).await;
    let refused = phone.client.diagnostics().await.unwrap();
    let queue = refused.queue.as_ref().expect("a queue that can be read");
    assert_eq!((queue.rejected.count, queue.refused.len()), (1, 1));
    let why = &queue.refused[0];
    assert_eq!((why.name.as_str(), why.count), ("visit/v1/accept", 1));
    assert!(why.code.is_some() && why.reason.as_deref().is_some_and(|reason| reason.starts_with("visit.")), "{why:?}");
    assert!(refused.clock_trusted);

    let session = phone.client.session().unwrap();
    let tokens = session.tokens.unwrap();
    let own_path = phone.client.replica_path().unwrap().display().to_string();
    let forbidden = [
        SECRET.to_owned(),
        "Testing".to_owned(),
        "example.com".to_owned(),
        phone.caller.user_id.to_string(),
        work.job_id.to_string(),
        work.visit_id.to_string(),
        tokens.access,
        tokens.refresh,
        own_path,
        session.membership.org_name,
    ];
    for report in [&stranded, &refused] {
        let json = serde_json::to_string(report).unwrap();
        for text in &forbidden {
            assert!(!text.is_empty() && !json.contains(text), "{text} stands in {json}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_can_be_made_with_nobody_signed_in() {
    let field = Field::new().await;
    let phone = field.phone(field.contractor.technicians[0].caller).await;
    phone.client.sign_out().await.unwrap();
    let report = phone.client.diagnostics().await.unwrap();
    assert_eq!((report.device_id, report.queue, report.running), (None, None, false));
}
