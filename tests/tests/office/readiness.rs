//! Whether tomorrow's work is on the phone, and how far today's has come back.

use jiff::{Timestamp, ToSpan};
use satchel_client::store::{Readiness, Receipts};
use satchel_domain::{
    mutations::{AcceptVisit, CreateNote},
    tables::VisitState,
};
use satchel_tests::{
    contractor::{Work, id},
    phone::Field,
};

/// So many visits of the first technician that begin at a moment.
async fn planned(field: &Field, visits: usize, begin: Timestamp) -> Vec<Work> {
    let mut planned = Vec::new();
    for _ in 0..visits {
        let contractor = &field.contractor;
        planned.push(
            contractor.work_in(contractor.branch_id, begin, VisitState::Scheduled, &contractor.technicians[..1]).await,
        );
    }
    planned
}

#[tokio::test(flavor = "multi_thread")]
async fn tomorrows_six_jobs_are_fully_on_this_phone_as_of_the_last_sync() {
    let field = Field::new().await;
    let (from, until) = (Timestamp::now() + 20.hours(), Timestamp::now() + 44.hours());
    let tomorrow = planned(&field, 6, from + 4.hours()).await;
    planned(&field, 1, until + 1.hours()).await;
    let begun = Timestamp::now();
    let phone = field.phone(field.contractor.technicians[0].caller).await;
    let before = phone.client.day(from, until).await.unwrap();
    assert_eq!((before.as_of, before.readiness, before.visits.len()), (None, Readiness::Empty, 0));
    assert!(!before.is_complete());

    phone.client.start().await.unwrap();
    phone.settled().await;
    let day = phone.client.day(from, until).await.unwrap();
    assert!(day.is_complete(), "{day:#?}");
    let mut told: Vec<_> = day.visits.iter().map(|visit| visit.visit_id).collect();
    let mut expected: Vec<_> = tomorrow.iter().map(|work| work.visit_id).collect();
    told.sort_unstable();
    expected.sort_unstable();
    assert_eq!(told, expected);
    // The server's clock is this machine's, and heartbeats travel.
    assert!(day.as_of.is_some_and(|as_of| as_of > begun - 1.minute()), "{day:#?}");

    // What is planned while the phone is away is not claimed.
    phone.client.set_network(false).await.unwrap();
    phone.until("offline", |status| !status.connection.is_online()).await;
    let away = Timestamp::now();
    planned(&field, 1, from + 5.hours()).await;
    let stale = phone.client.day(from, until).await.unwrap();
    assert_eq!(stale.visits.len(), 6);
    assert!(stale.as_of.is_some_and(|as_of| as_of <= away + 1.minute()), "{stale:#?}");
    phone.client.set_network(true).await.unwrap();
    phone.until("back", |status| status.is_settled()).await;
    let day = phone.client.day(from, until).await.unwrap();
    assert!(day.is_complete() && day.visits.len() == 7 && day.as_of >= stale.as_of, "{day:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_tell_how_far_the_work_on_a_visit_has_come() {
    let field = Field::new().await;
    let technician = &field.contractor.technicians[..1];
    let work = field.contractor.work(VisitState::Dispatched, technician).await;
    let other = field.contractor.work(VisitState::Dispatched, technician).await;
    let phone = field.synced_phone(0).await;
    let roots = || vec![work.job_id.uuid(), work.visit_id.uuid()];
    let receipts = async || phone.client.receipts(roots()).await.unwrap();
    assert_eq!(receipts().await, Receipts::default());

    phone.client.set_network(false).await.unwrap();
    let accept = |work: Work| AcceptVisit { job_id: work.job_id, visit_id: work.visit_id, reason: None };
    phone.client.mutate(&accept(work)).await.unwrap();
    phone.client.mutate(&accept(other)).await.unwrap();
    let note = CreateNote { job_id: work.job_id, note_id: id(), title: "Ring twice".to_owned() };
    phone.client.mutate(&note).await.unwrap();
    assert_eq!(receipts().await, Receipts { captured: 2, ..Receipts::default() });

    // The office calls this visit off meanwhile.
    sqlx::query("update satchel.visit set state = 'canceled' where id = $1")
        .bind(work.visit_id.uuid())
        .execute(&field.contractor.admin)
        .await
        .unwrap();
    phone.client.set_network(true).await.unwrap();
    phone
        .until("decided", |status| {
            status.caught_up && status.queue.rejected == 1 && status.queue.unsent() + status.queue.accepted == 0
        })
        .await;
    assert_eq!(receipts().await, Receipts { captured: 2, sent: 2, accepted: 1, applied: 1, refused: 1 });
    assert!(!receipts().await.all_applied());
    let theirs = phone.client.receipts(vec![other.visit_id.uuid()]).await.unwrap();
    assert_eq!(theirs, Receipts { captured: 1, sent: 1, accepted: 1, applied: 1, refused: 0 });

    // Taken back: nothing of it is outstanding.
    let refused = phone.client.attention().await.unwrap();
    phone.client.undo(refused[0].entry.key).await.unwrap();
    assert_eq!(receipts().await, Receipts { captured: 1, sent: 1, accepted: 1, applied: 1, refused: 0 });
    assert!(receipts().await.all_applied());
}
