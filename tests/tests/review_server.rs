//! Where the server's promises meet: crashes between snapshots, passes taken up late, marks that claim too much
//! (P2, P6, P7).

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{process::Command, time::Duration};

use satchel_domain::{REGISTRY, tables::VisitState};
use satchel_protocol::{
    checksum::scopes_digest,
    wire::{PullRequest, Resume},
};
use satchel_server::{
    feed::cursor::digest_from_text,
    pull::token::{Part, Position, Token},
    store,
};
use satchel_tests::{
    contractor::Contractor,
    database::fresh_in,
    postgres::TestPostgres,
    replica::{Replica, assert_converged},
    server::{Client, TestServer, patiently, unhurried},
};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

struct Scene {
    contractor: Contractor,
    client: Client,
    replica: Replica,
    _server: TestServer,
}

impl Scene {
    /// A technician's replica in front of a pricebook of two pages.
    async fn new() -> Self {
        let contractor = Contractor::new(&REGISTRY).await;
        let server = TestServer::start(&contractor.database, &REGISTRY, unhurried()).await;
        let client = server.client(contractor.technicians[0].caller);
        let replica = Replica::new(&REGISTRY, contractor.org_id);
        sqlx::query(
            "insert into satchel.pricebook_item (org_id, id, code, name, kind, unit, price_cents, active) \
             select $1, gen_random_uuid(), 'X-' || n, 'Line ' || n, 'material', 'each', n, true \
             from generate_series(1, 5000) n",
        )
        .bind(contractor.org_id)
        .execute(&contractor.admin)
        .await
        .unwrap();
        Self { contractor, client, replica, _server: server }
    }

    async fn run(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.contractor.admin).await.unwrap();
    }
}

#[tokio::test]
async fn a_stream_that_takes_up_an_old_pass_does_not_wait_with_what_changed_since() {
    let mut scene = Scene::new().await;
    let page = scene.client.pull(&scene.replica.request()).await.unwrap();
    assert!(!scene.replica.apply(page));
    // On a table that page 1 completed, and before anybody subscribes.
    scene.run("update satchel.organization set name = 'Renamed'").await;

    let mut socket = scene.client.socket(&scene.replica.request()).await.unwrap();
    let mut passes = 0;
    while passes < 2 {
        passes += usize::from(scene.replica.apply(socket.delta().await));
    }
    assert_converged(&scene.replica, &scene.contractor.database, &scene.contractor.technicians[0].caller).await;
}

#[tokio::test]
async fn a_forged_mark_names_no_row_of_scopes_that_are_not_due() {
    let mut scene = Scene::new().await;
    scene.replica.catch_up(&scene.client).await.unwrap();
    let colleague = scene.contractor.technicians[1];
    let mut token = {
        scene.run("update satchel.pricebook_item set unit = 'box'").await;
        let page = scene.client.pull(&scene.replica.request()).await.unwrap();
        Token::decode(&page.resume.unwrap()).unwrap()
    };
    let hidden = scene.contractor.work(VisitState::Dispatched, &[colleague]).await;

    let scopes = vec![colleague.id.uuid(), hidden.job_id.uuid()];
    token.target.scopes = digest_from_text(&scopes_digest(scopes.iter().copied())).unwrap();
    token.position = Position { table: REGISTRY.tables[0].name.to_owned(), part: Part::Changed, after: Uuid::nil() };
    let resume = Resume { token: token.encode(), fill: Vec::new(), scopes };
    let request = PullRequest { resume: Some(resume), ..scene.replica.request() };
    // Refused or empty, but never an id.
    if let Ok(page) = scene.client.pull(&request).await {
        assert!(page.tables.iter().all(|table| table.removed.is_empty() && table.rows.is_empty()), "{page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_user_gets_the_same_answer_when_it_comes_again() {
    let contractor = Contractor::new(&REGISTRY).await;
    let [first, second] = contractor.technicians;
    let (mut owner, mut other) = (contractor.phone(first.caller), contractor.phone(second.caller));
    let used = owner.next_raw("no/v1/such", "{}");
    contractor.push(&owner, vec![used.clone()]).await.unwrap();

    let mut again = other.next_raw("no/v1/such", "{}");
    again.key = used.key;
    let batch = vec![again, other.next_raw("no/v1/such", "{}")];
    let answered = contractor.push(&other, batch.clone()).await.unwrap();
    assert_eq!(answered.last_seq, 2);
    assert_eq!(contractor.push(&other, batch).await.unwrap(), answered, "the answer was lost; the phone repeats");
}

#[tokio::test]
async fn a_device_out_of_sight_is_not_counted_on() {
    let contractor = Contractor::new(&REGISTRY).await;
    let [first, second] = contractor.technicians;
    let mut phone = contractor.phone(first.caller);
    let mutation = phone.next_raw("no/v1/such", "{}");
    let key = mutation.key;
    contractor.push(&phone, vec![mutation]).await.unwrap();
    let mut entered = contractor.database.begin_write(&second.caller).await.unwrap();
    let advanced = store::advance_device(
        &mut entered.tx,
        contractor.org_id,
        phone.device_id,
        store::LastPushed { seq: 2, key, reading: None },
    )
    .await;
    assert!(advanced.is_err(), "a count that is not stored must not be committed beside verdicts");
}

#[tokio::test]
async fn a_crash_that_the_postmaster_survives_is_a_restart_too() {
    let postgres = TestPostgres::private();
    let database = fresh_in(&postgres).await;
    let started = async || -> Option<(String, String)> {
        let mut connection = PgConnection::connect_with(&database.options()).await.ok()?;
        sqlx::query_as("select identity, server_started from satchel.history()").fetch_one(&mut connection).await.ok()
    };
    let (identity, before) = started().await.unwrap();
    assert_eq!(started().await.unwrap().1, before);

    let mut victim = database.connect().await;
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut victim).await.unwrap();
    assert!(Command::new("kill").arg("-9").arg(pid.to_string()).status().unwrap().success());
    // The server ends every connection, recovers and goes on under the same postmaster.
    let noticed = async {
        while sqlx::query("select 1").execute(&mut victim).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        loop {
            match started().await {
                Some(after) => return after,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    let (identity_after, after) = patiently(noticed).await;
    assert_eq!(identity_after, identity);
    assert_ne!(after, before, "transaction numbers may have been given out again");
}
