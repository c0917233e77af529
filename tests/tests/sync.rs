//! Phones and a server, end to end: real sockets, real files, a real Postgres (P1, P2, P4, P5, P8).

use std::time::Duration;

use rust_decimal::Decimal;
use satchel_client::{Client, ClientError, Connection, engine::Transport};
use satchel_domain::{
    mutations::{AcceptVisit, AddMaterial, AssignTech, UnassignTech, UpdateJob},
    tables::{Customer, Job, MaterialUsed, Visit, VisitState},
};
use satchel_protocol::{Id, wire::Outcome};
use satchel_tests::{
    contractor::{Work, id},
    phone::{Field, PASSWORD, Phone},
    server::patiently,
};
use uuid::Uuid;

fn material(field: &Field, work: Work) -> AddMaterial {
    AddMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: id(),
        item_id: field.contractor.item_id,
        quantity: Decimal::ONE,
    }
}

fn accept(work: Work) -> AcceptVisit {
    AcceptVisit { job_id: work.job_id, visit_id: work.visit_id, reason: None }
}

/// A visit somebody is working at, and the phone of its first technician.
async fn at_work(field: &Field) -> (Work, Phone) {
    let work = field.contractor.work(VisitState::OnSite, &field.contractor.technicians).await;
    (work, field.synced_phone(0).await)
}

async fn in_database(field: &Field, ids: &[Id<MaterialUsed>]) -> i64 {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_scalar("select count(*) from satchel.material_used where id = any($1)")
        .bind(ids)
        .fetch_one(&field.contractor.admin)
        .await
        .expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_entered_offline_arrives_once_the_network_is_back() {
    let field = Field::new().await;
    let (work, mut phone) = at_work(&field).await;
    phone.client.set_network(false).await.unwrap();
    phone.until("offline", |status| status.connection == Connection::Offline).await;
    let mut lines = Vec::new();
    for _ in 0..20 {
        let line = material(&field, work);
        phone.client.mutate(&line).await.unwrap();
        lines.push(line.material_id);
    }
    // The app ends and comes back, still without a network.
    phone.reopen().await;
    phone.client.set_network(false).await.unwrap();
    phone.client.start().await.unwrap();
    let status = phone.until("twenty wait", |status| status.queue.pending == 20).await;
    assert_eq!(status.connection, Connection::Offline);
    phone.sees_row::<MaterialUsed>(lines[19].uuid()).await;
    assert_eq!(in_database(&field, &lines).await, 0);

    phone.client.set_network(true).await.unwrap();
    phone.settled().await;
    assert_eq!(in_database(&field, &lines).await, 20);
    phone.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_phones_see_each_others_changes() {
    let field = Field::new().await;
    let (work, phone) = at_work(&field).await;
    let other = field.synced_phone(1).await;
    let (here, there) = (material(&field, work), material(&field, work));
    phone.client.mutate(&here).await.unwrap();
    other.client.mutate(&there).await.unwrap();
    phone.sees_row::<MaterialUsed>(there.material_id.uuid()).await;
    other.sees_row::<MaterialUsed>(here.material_id.uuid()).await;
    phone.settled().await;
    other.settled().await;
    phone.assert_converged(&field.contractor.database).await;
    other.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_whose_answer_was_lost_is_applied_once() {
    let field = Field::new().await;
    let (work, phone) = at_work(&field).await;
    phone.proxy.swallow_down();
    let line = material(&field, work);
    phone.client.mutate(&line).await.unwrap();
    let arrived = async {
        while in_database(&field, &[line.material_id]).await == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    patiently(arrived).await;
    assert_eq!(phone.client.store().unwrap().queue_summary().unsent(), 1);
    phone.proxy.mend();
    phone.proxy.break_off();
    phone.settled().await;
    assert_eq!(in_database(&field, &[line.material_id]).await, 1);
    assert_eq!(field.contractor.count("select count(*) from satchel.mutation_ledger").await, 1);
    phone.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_written_by_others_arrive_and_rows_deleted_go() {
    let field = Field::new().await;
    let (_, phone) = at_work(&field).await;
    let customer = field.contractor.customer_id.uuid();
    sqlx::query("update satchel.customer set name = 'By hand' where id = $1")
        .bind(customer)
        .execute(&field.contractor.admin)
        .await
        .unwrap();
    phone
        .sees("the new name", move |reader| {
            Ok(reader.get::<Customer>(customer.into())?.filter(|customer| customer.name == "By hand"))
        })
        .await;
    let line = field.contractor.item_id.uuid();
    sqlx::query("delete from satchel.pricebook_item where id = $1")
        .bind(line)
        .execute(&field.contractor.admin)
        .await
        .unwrap();
    phone.loses_row::<satchel_domain::tables::PricebookItem>(line).await;
    phone.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reassignment_takes_the_job_from_one_phone_and_shows_it_on_the_other() {
    let field = Field::new().await;
    let [first, second] = field.contractor.technicians;
    let work = field.contractor.work(VisitState::Dispatched, &[first]).await;
    let (old, new) = (field.synced_phone(0).await, field.synced_phone(1).await);
    let office = field.phone(field.contractor.dispatcher).await;
    office.client.start().await.unwrap();
    office.settled().await;
    old.sees_row::<Job>(work.job_id.uuid()).await;
    assert!(new.client.read(move |reader| reader.get::<Job>(work.job_id)).await.unwrap().is_none());

    let Work { job_id, visit_id } = work;
    let unassign = UnassignTech { job_id, visit_id, technician_id: first.id };
    let assign = AssignTech { job_id, visit_id, technician_id: second.id, confirm_overlap: false, confirm: Vec::new() };
    // The office holds no jobs: the server decides.
    push_as_office(&field, &unassign).await;
    push_as_office(&field, &assign).await;
    old.loses_row::<Job>(job_id.uuid()).await;
    old.loses_row::<Visit>(visit_id.uuid()).await;
    new.sees_row::<Job>(job_id.uuid()).await;
    new.sees_row::<Visit>(visit_id.uuid()).await;
    for phone in [&old, &new] {
        phone.settled().await;
        phone.assert_converged(&field.contractor.database).await;
    }
}

async fn push_as_office<M: satchel_protocol::Mutation>(field: &Field, mutation: &M) {
    let mut desk = field.contractor.phone(field.contractor.dispatcher);
    let outcome = field.contractor.outcome(&mut desk, mutation).await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    field.server.state().hub.signal();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delta_is_applied_at_once_while_a_thousand_mutations_wait() {
    let field = Field::new().await;
    let (work, phone) = at_work(&field).await;
    phone.client.mutate(&material(&field, work)).await.unwrap();
    phone.settled().await;
    // Pushes reach the server and wait there for the device's row.
    let mut lock = field.contractor.admin.begin().await.unwrap();
    sqlx::query("select from satchel.device for update").execute(&mut *lock).await.unwrap();
    for _ in 0..1_000 {
        phone.client.mutate(&material(&field, work)).await.unwrap();
    }
    phone.until("a thousand wait", |status| status.queue.unsent() == 1_000).await;
    let title = "Changed meanwhile";
    sqlx::query("update satchel.job set title = $1 where id = $2")
        .bind(title)
        .bind(work.job_id.uuid())
        .execute(&field.contractor.admin)
        .await
        .unwrap();
    let job = work.job_id;
    phone.sees("the title", move |reader| Ok(reader.get(job)?.filter(|job: &Job| job.title == title))).await;
    let status = phone.client.status().borrow().clone();
    assert_eq!(status.queue.unsent(), 1_000, "{status:#?}");
    let shown = phone.client.read(|reader| reader.all::<MaterialUsed>()).await.unwrap();
    assert_eq!(shown.len(), 1_001);

    lock.rollback().await.unwrap();
    phone.settled().await;
    assert_eq!(field.contractor.count("select count(*) from satchel.material_used").await, 1_001);
    phone.assert_converged(&field.contractor.database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_that_expired_offline_is_refreshed_without_anybody() {
    let field = Field::new().await;
    let (work, mut phone) = at_work(&field).await;
    phone.client.close().await;
    let stale = field.server.token(phone.caller.user_id, Duration::from_secs(86_400));
    phone.set_access_token(stale.clone());
    phone.client = Client::open(phone.options.clone()).await.unwrap();
    let line = material(&field, work);
    phone.client.mutate(&line).await.unwrap();
    phone.client.start().await.unwrap();
    phone.settled().await;
    assert_eq!(in_database(&field, &[line.material_id]).await, 1);
    assert!(phone.client.session().unwrap().tokens.unwrap().access != stale);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_revoked_asks_for_a_sign_in_and_keeps_the_queue() {
    let field = Field::new().await;
    let (work, mut phone) = at_work(&field).await;
    phone.client.close().await;
    let refresh_token = phone.client.session().unwrap().tokens.unwrap().refresh;
    let revoked = serde_json::json!({ "refresh_token": refresh_token });
    let answer = reqwest::Client::new().post(format!("{}/api/v1/auth/sign-out", field.server.url()));
    assert!(answer.json(&revoked).send().await.unwrap().status().is_success());
    phone.set_access_token(field.server.token(phone.caller.user_id, Duration::from_secs(86_400)));
    phone.client = Client::open(phone.options.clone()).await.unwrap();
    phone.client.start().await.unwrap();
    let line = material(&field, work);
    phone.client.mutate(&line).await.unwrap();
    let waits =
        |status: &satchel_client::Status| status.connection == Connection::NeedsSignIn && status.queue.pending == 1;
    phone.until("needs sign-in, queue kept", waits).await;

    // Also after the app ended: the replica opens, and says what to do.
    phone.reopen().await;
    phone.client.start().await.unwrap();
    phone.until("needs sign-in, queue kept", waits).await;
    phone.sees_row::<MaterialUsed>(line.material_id.uuid()).await;
    let wrong = phone.client.sign_in(&email(&phone), "wrong", None).await.unwrap_err();
    assert!(matches!(wrong, ClientError::SignIn(_)), "{wrong}");
    phone.client.sign_in(&email(&phone), PASSWORD, None).await.unwrap();
    phone.settled().await;
    assert_eq!(in_database(&field, &[line.material_id]).await, 1);
}

fn email(phone: &Phone) -> String {
    format!("{}@example.com", phone.caller.user_id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_needs_attention_and_can_be_undone() {
    let field = Field::new().await;
    let work = field.contractor.work(VisitState::Dispatched, &field.contractor.technicians[..1]).await;
    let phone = field.synced_phone(0).await;
    phone.proxy.cut();
    phone.client.mutate(&accept(work)).await.unwrap();
    sqlx::query("update satchel.visit set state = 'canceled' where id = $1")
        .bind(work.visit_id.uuid())
        .execute(&field.contractor.admin)
        .await
        .unwrap();
    phone.proxy.mend();
    phone.client.set_network(true).await.unwrap();
    let status = phone.until("one needs attention", |status| status.queue.rejected == 1 && status.caught_up).await;
    assert!(status.reason.contains("attention"), "{status:#?}");
    let attention = phone.client.attention().await.unwrap();
    assert_eq!(attention.len(), 1);
    phone.client.undo(attention[0].entry.key).await.unwrap();
    phone.until("nothing needs attention", |status| status.queue.rejected == 0).await;
    phone.settled().await;
    phone.assert_converged(&field.contractor.database).await;

    // What the phone itself can decide is refused at once.
    let late = phone.client.mutate(&accept(work)).await.unwrap_err();
    assert!(matches!(late, ClientError::Refused(_)), "{late}");
    let office_only = UpdateJob {
        job_id: work.job_id,
        title: Some("Mine".to_owned()),
        description: None,
        priority: None,
        number: None,
        equipment_id: None,
    };
    // So is what the policy leaves to the office, of which the phone has been told.
    let forbidden = phone.client.mutate(&office_only).await.unwrap_err();
    assert!(matches!(&forbidden, ClientError::Refused(why) if why.reason == "policy.forbidden"), "{forbidden}");
    assert_eq!(phone.client.queue().await.unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_background_task_syncs_once_and_stops() {
    let field = Field::new().await;
    let work = field.contractor.work(VisitState::OnSite, &field.contractor.technicians).await;
    let phone = field.phone(field.contractor.technicians[0].caller).await;
    let first = phone.client.sync_once(Duration::from_secs(30)).await.unwrap();
    assert!(first.complete, "{first:#?}");
    let line = material(&field, work);
    phone.client.mutate(&line).await.unwrap();
    let second = phone.client.sync_once(Duration::from_secs(30)).await.unwrap();
    assert!(second.complete, "{second:#?}");
    assert_eq!(in_database(&field, &[line.material_id]).await, 1);
    phone.until("stopped", |status| status.connection == Connection::Stopped).await;

    phone.proxy.cut();
    let cut = phone.client.sync_once(Duration::from_millis(300)).await.unwrap();
    assert!(!cut.complete && !cut.status.reason.is_empty());
    assert_ne!(cut.status.connection, Connection::Online(Transport::WebSocket));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_phone_finds_itself_out_and_both_lose_nothing() {
    let field = Field::new().await;
    let (work, phone) = at_work(&field).await;
    phone.client.mutate(&material(&field, work)).await.unwrap();
    phone.settled().await;
    phone.client.close().await;
    let copy = field.phone(phone.caller).await;
    let own_path = copy.client.replica_path().unwrap();
    copy.client.close().await;
    let path = phone.options.folder.join(own_path.file_name().unwrap());
    std::fs::copy(path, own_path).unwrap();

    let original = Client::open(phone.options.clone()).await.unwrap();
    let cloned = Client::open(copy.options.clone()).await.unwrap();
    let device = original.store().unwrap().device_id();
    assert_eq!(device, cloned.store().unwrap().device_id());
    let (first, second) = (material(&field, work), material(&field, work));
    original.mutate(&first).await.unwrap();
    cloned.mutate(&second).await.unwrap();
    for client in [&original, &cloned] {
        client.start().await.unwrap();
        let mut status = client.status();
        patiently(status.wait_for(satchel_client::Status::is_settled)).await.unwrap();
    }
    assert_eq!(in_database(&field, &[first.material_id, second.material_id]).await, 2);
    assert_ne!(original.store().unwrap().device_id(), cloned.store().unwrap().device_id());
}
