//! Who the phone is, who its user is, and what became of the work when one of both changed.

use std::{sync::Arc, time::Duration};

use satchel_client::{Client, ClientError, Connection, engine::Ended, session::MemoryTokenStore};
use satchel_domain::tables::{MaterialUsed, VisitState};
use satchel_tests::{
    phone::{Field, PASSWORD, Phone},
    server::patiently,
};

use crate::{lines, material, offline};

/// Longer ago than any access token lives.
const YESTERDAY: Duration = Duration::from_secs(86_400);

fn email(phone: &Phone) -> String {
    format!("{}@example.com", phone.caller.user_id)
}

/// A phone was set up from another's backup. Both numbered their work alike, and the server took one's for the other's
/// (research: cloned or restored device).
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_set_up_from_a_copy_passed_for_the_first() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let first = field.synced_phone(0).await;
    first.client.mutate(&material(contractor, work)).await.unwrap();
    first.settled().await;
    first.client.close().await;
    let second = field.phone(first.caller).await;
    let copy_path = second.client.replica_path().unwrap();
    second.client.close().await;
    std::fs::copy(first.options.folder.join(copy_path.file_name().unwrap()), copy_path).unwrap();

    let [original, copy] = [&first, &second].map(|phone| Client::open(phone.options.clone()));
    let (original, copy) = (original.await.unwrap(), copy.await.unwrap());
    assert_eq!(original.store().unwrap().device_id(), copy.store().unwrap().device_id());
    let mut entered = Vec::new();
    for client in [&original, &copy, &original, &copy] {
        let line = material(contractor, work);
        client.mutate(&line).await.unwrap();
        entered.push(line.material_id);
    }
    for client in [&original, &copy] {
        client.start().await.unwrap();
        let mut status = client.status();
        patiently(status.wait_for(satchel_client::Status::is_settled)).await.unwrap();
        assert!(client.attention().await.unwrap().is_empty());
    }
    assert_ne!(original.store().unwrap().device_id(), copy.store().unwrap().device_id());
    assert_eq!(lines(contractor, &entered).await, 4);
}

/// The token ran out in a basement; back above ground the app was signed out, and the day's work gone (kotlin#219,
/// powersync-js#1034).
#[tokio::test(flavor = "multi_thread")]
async fn the_token_expired_offline_and_the_work_went_with_it() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let mut phone = offline(&field).await;
    let line = material(contractor, work);
    phone.client.mutate(&line).await.unwrap();
    phone.client.close().await;
    phone.set_access_token(field.server.token(phone.caller.user_id, YESTERDAY));
    phone.reopen().await;
    assert_eq!(phone.client.status().borrow().queue.pending, 1);
    phone.client.start().await.unwrap();
    phone.settled().await;
    assert_eq!(lines(contractor, &[line.material_id]).await, 1);
}

/// The session or the account was ended from elsewhere, and what had not been sent was wiped with it (ServiceNow: sign-out
/// deletes the cache; research: deleted user, remote revocation).
#[tokio::test(flavor = "multi_thread")]
async fn the_account_was_closed_and_the_unsent_work_wiped() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    let mut phone = offline(&field).await;
    let line = material(contractor, work);
    phone.client.mutate(&line).await.unwrap();
    let membership = async |active: bool| {
        let change = "update satchel.membership set active = $2 where user_id = $1";
        let change = sqlx::query(change).bind(phone.caller.user_id).bind(active);
        assert_eq!(change.execute(&contractor.admin).await.unwrap().rows_affected(), 1);
    };
    membership(false).await;
    phone.client.set_network(true).await.unwrap();
    let told = phone.until("told", |status| status.ended == Some(Ended::Membership)).await;
    assert_eq!((told.connection, told.queue.unsent()), (Connection::Blocked, 1));
    assert!(told.reason.contains("kept here"), "{}", told.reason);
    membership(true).await;
    phone.reopen().await;
    // Signed out on purpose and in again, too.
    let refused = phone.client.sign_out().await.unwrap_err();
    assert!(matches!(refused, ClientError::UnsentWork { mutations: 1 }), "{refused}");
    assert!(phone.client.identity().is_ok(), "nothing changed");
    phone.client.sign_out_keeping_work().await.unwrap();
    phone.client.sign_in(&email(&phone), PASSWORD, None).await.unwrap();
    assert_eq!(phone.client.queue().await.unwrap().len(), 1);
    phone.client.start().await.unwrap();
    phone.settled().await;
    assert_eq!(lines(contractor, &[line.material_id]).await, 1);
}

/// Two technicians of one van share a phone: one's work was sent in the other's name, or lost when they changed over
/// without a network (cht-core#10720).
#[tokio::test(flavor = "multi_thread")]
async fn two_on_one_phone_got_into_each_others_work() {
    let field = Field::new().await;
    let contractor = &field.contractor;
    let work = contractor.work(VisitState::OnSite, &contractor.technicians).await;
    // One folder; each has a place of their own for the session.
    let mut phone = field.synced_phone(0).await;
    phone.client.close().await;
    let mine = phone.options.clone();
    let mut theirs = mine.clone();
    theirs.token_store = Some(Arc::new(MemoryTokenStore::default()));
    let colleague = Client::open(theirs.clone()).await.unwrap();
    let colleague_email = format!("{}@example.com", contractor.technicians[1].caller.user_id);
    colleague.sign_in(&colleague_email, PASSWORD, None).await.unwrap();
    assert!(colleague.sync_once(Duration::from_secs(20)).await.unwrap().complete);
    colleague.close().await;

    phone.proxy.cut();
    let mut entered = Vec::new();
    for round in 1..=2 {
        for options in [&mine, &theirs] {
            let client = Client::open(options.clone()).await.unwrap();
            let line = material(contractor, work);
            client.mutate(&line).await.unwrap();
            entered.push(line.material_id);
            assert_eq!(client.queue().await.unwrap().len(), round);
            let shown = client.read(|reader| reader.all::<MaterialUsed>()).await.unwrap();
            assert_eq!(shown.len(), round, "another's unsent work is not shown");
            client.close().await;
        }
    }
    phone.proxy.mend();
    for options in [&theirs, &mine] {
        let client = Client::open(options.clone()).await.unwrap();
        assert!(client.sync_once(Duration::from_secs(20)).await.unwrap().complete);
        client.close().await;
    }
    assert_eq!(lines(contractor, &entered).await, 4);
    let of_each = "select count(*) from (select 1 from satchel.mutation_ledger where seq is not null \
                   group by user_id having count(*) = 2) as authors";
    assert_eq!(contractor.count(of_each).await, 2);
    phone.client = Client::open(mine).await.unwrap();
    phone.client.start().await.unwrap();
    phone.settled().await;
    phone.assert_converged(&contractor.database).await;
}
