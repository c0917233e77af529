//! What technicians suffered with other products, one test for each, named after the suffering. Real phones, a real
//! server, real Postgres.
//!
//! Invariant: each module names the thread it comes from, and shows that what happened there does not happen here.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic as its tests do")]

mod blocked_queue;
mod duplicate_after_lost_response;
mod edit_after_failed_upload;
mod failed_parent_fails_children;
mod first_sync;
mod identity;
mod many_users;
mod network;
mod reassigned_rows_stay;
mod reset;
mod restored_server;
mod resurrected_delete;
mod server_failed_and_nobody_told;
mod silent_reject;
mod storage;
mod too_old;
mod updated_between;
mod wrong_clock;

use rust_decimal::Decimal;
use satchel_domain::{mutations::AddMaterial, tables::MaterialUsed};
use satchel_protocol::{Id, Mutation, wire::Outcome};
use satchel_server::push;
use satchel_tests::{
    contractor::{Contractor, Work, id},
    phone::{Field, Phone},
};
use serde_json::{Value, value::to_raw_value};
use uuid::Uuid;

/// A line of material on a visit.
fn material(contractor: &Contractor, work: Work) -> AddMaterial {
    AddMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: id(),
        item_id: contractor.item_id,
        quantity: Decimal::ONE,
    }
}

/// Calls a procedure as the dispatcher.
async fn office<M: Mutation>(contractor: &Contractor, mutation: &M) -> Value {
    let args = to_raw_value(mutation).expect("JSON");
    let answer = push::single(&contractor.pusher, &contractor.dispatcher, Uuid::now_v7(), M::NAME, args).await;
    answer.expect("the office may")
}

/// How many of these lines the server has.
async fn lines(contractor: &Contractor, ids: &[Id<MaterialUsed>]) -> i64 {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_scalar("select count(*) from satchel.material_used where id = any($1)")
        .bind(ids)
        .fetch_one(&contractor.admin)
        .await
        .expect("a count")
}

/// Whether lines of material can be added at present.
async fn item_for_sale(contractor: &Contractor, active: bool) {
    sqlx::query("update satchel.pricebook_item set active = $2 where id = $1")
        .bind(contractor.item_id.uuid())
        .bind(active)
        .execute(&contractor.admin)
        .await
        .expect("an item");
}

/// The reason of a refusal.
fn reason(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Rejected(rejection) => &rejection.reason,
        outcome => panic!("{outcome:?}"),
    }
}

/// A phone at work that does not reach the server.
async fn offline(field: &Field) -> Phone {
    let phone = field.synced_phone(0).await;
    phone.client.set_network(false).await.expect("signed in");
    phone
}
