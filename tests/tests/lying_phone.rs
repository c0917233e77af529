//! A phone that lies about its sequence, its scopes, its cursor or its checksums: refused or healed, never trusted, never
//! fatal to the server or to anybody else (P2, P5, P6, P8).

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};

use satchel_domain::{REGISTRY, mutations::AddMaterial, tables::VisitState};
use satchel_protocol::{
    ErrorCode, PROTOCOL_VERSION,
    checksum::{Checksum, scopes_digest},
    wire::{DeltaPage, Held, Outcome, PullRequest, PushRequest, PushedMutation},
};
use satchel_tests::{
    contractor::{Contractor, Phone, Work, id},
    replica::{Replica, assert_converged, visible},
    server::{Client, TestServer, unhurried},
};
use uuid::Uuid;

/// Beyond what JSON numbers hold exactly.
const BEYOND: u64 = 1 << 53;

struct Scene {
    contractor: Contractor,
    _server: TestServer,
    /// Of the one who lies, and of his colleague.
    clients: [Client; 2],
    /// Each has a job of his own.
    jobs: [Work; 2],
}

impl Scene {
    async fn new() -> Self {
        let contractor = Contractor::new(&REGISTRY).await;
        let server = TestServer::start(&contractor.database, &REGISTRY, unhurried()).await;
        let [liar, colleague] = contractor.technicians;
        let jobs = [
            contractor.work(VisitState::OnSite, &[liar]).await,
            contractor.work(VisitState::OnSite, &[colleague]).await,
        ];
        let clients = [server.client(liar.caller), server.client(colleague.caller)];
        Self { contractor, _server: server, clients, jobs }
    }

    /// A replica in step with the server, of one of the two.
    async fn replica(&self, whose: usize) -> Replica {
        let mut replica = Replica::new(&REGISTRY, self.contractor.org_id);
        replica.catch_up(&self.clients[whose]).await.unwrap();
        replica
    }

    fn material(&self) -> AddMaterial {
        let Work { job_id, visit_id } = self.jobs[0];
        let item_id = self.contractor.item_id;
        AddMaterial { job_id, visit_id, material_id: id(), item_id, quantity: rust_decimal::Decimal::ONE }
    }

    async fn lines(&self) -> i64 {
        self.contractor.count("select count(*) from satchel.material_used").await
    }

    /// Whatever was claimed: an honest phone of the same user gets everything, and nothing else.
    async fn heals(&self) {
        for whose in 0..2 {
            let replica = self.replica(whose).await;
            let caller = &self.contractor.technicians[whose].caller;
            assert_converged(&replica, &self.contractor.database, caller).await;
        }
    }

    /// That a page holds nothing that row-level security hides from the one who lies.
    async fn shows_only_his_own(&self, page: &DeltaPage) {
        let (_, rows) = visible(&self.contractor.database, &REGISTRY, &self.contractor.technicians[0].caller).await;
        let seen: BTreeSet<Uuid> = rows.keys().map(|(_, id)| *id).collect();
        for table in &page.tables {
            for row in &table.rows {
                let id = row[0].as_uuid().unwrap();
                assert!(seen.contains(&id), "{} of {}", id, table.table);
            }
        }
    }
}

fn push(device_id: Uuid, mutations: Vec<PushedMutation>) -> PushRequest {
    PushRequest { protocol: PROTOCOL_VERSION, device_id, mutations }
}

fn at(mutation: &PushedMutation, seq: u64) -> PushedMutation {
    PushedMutation { seq, ..mutation.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn about_its_sequence() {
    let scene = Scene::new().await;
    let mut phone = scene.contractor.phone(scene.contractor.technicians[0].caller);
    let first = phone.next(&scene.material());
    let client = &scene.clients[0];
    client.push(&push(phone.device_id, vec![first.clone()])).await.unwrap();
    let other = phone.next(&scene.material());
    let lies = [
        (vec![at(&other, 7)], ErrorCode::SequenceGap),
        (vec![at(&other, BEYOND - 1)], ErrorCode::SequenceGap),
        (vec![at(&other, BEYOND)], ErrorCode::BadRequest),
        (vec![at(&other, u64::MAX)], ErrorCode::BadRequest),
        (vec![at(&other, 0)], ErrorCode::BadRequest),
        (vec![at(&other, 2), at(&other, 2)], ErrorCode::BadRequest),
        (vec![at(&other, 3), at(&other, 2)], ErrorCode::BadRequest),
        // Another mutation where one stands already.
        (vec![at(&other, 1)], ErrorCode::DeviceCloned),
    ];
    for (mutations, code) in lies {
        let seqs: Vec<u64> = mutations.iter().map(|mutation| mutation.seq).collect();
        let refused = client.push(&push(phone.device_id, mutations)).await.unwrap_err();
        assert_eq!(refused.error.code, code, "{seqs:?}");
        assert_eq!(scene.lines().await, 1, "{seqs:?}");
    }
    // Under the number of a colleague's device.
    let colleague: Phone = scene.contractor.phone(scene.contractor.technicians[1].caller);
    scene.clients[1].push(&push(colleague.device_id, Vec::new())).await.unwrap();
    let refused = client.push(&push(colleague.device_id, vec![at(&other, 1)])).await.unwrap_err();
    assert_eq!(refused.why(), (ErrorCode::Forbidden, Some("device.foreign")));
    // What it has done it cannot have done again, whatever number it gives it.
    let again = client.push(&push(phone.device_id, vec![at(&first, 2), at(&other, 3)])).await.unwrap();
    assert!(again.verdicts.iter().all(|verdict| matches!(verdict.outcome, Outcome::Accepted { .. })), "{again:?}");
    assert_eq!((again.last_seq, scene.lines().await), (3, 2));
    // That it has heard verdicts which it has not is its own loss, until it asks again.
    let deaf = PullRequest {
        protocol: PROTOCOL_VERSION,
        device_id: phone.device_id,
        verdicts_through: u64::MAX,
        ..PullRequest::default()
    };
    assert!(client.pull(&deaf).await.unwrap().verdicts.is_empty());
    let honest = client.pull(&PullRequest { verdicts_through: 0, ..deaf }).await.unwrap();
    // At number 2 stood a repeat, whose verdict is that of number 1.
    assert_eq!(honest.verdicts.iter().map(|verdict| verdict.seq).collect::<Vec<_>>(), [1, 3]);
    scene.heals().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn about_its_scopes() {
    let scene = Scene::new().await;
    let mut replica = scene.replica(0).await;
    let colleague = scene.replica(1).await;
    let hidden: Vec<Uuid> = colleague.scopes.difference(&replica.scopes).copied().collect();
    assert!(hidden.len() >= 2, "{hidden:?}");
    let client = &scene.clients[0];
    let claim = |scopes: &BTreeSet<Uuid>, request: PullRequest| {
        let digest = scopes_digest(scopes.iter().copied());
        PullRequest { held: Held { digest, ids: Some(scopes.iter().copied().collect()) }, ..request }
    };
    // That it holds what is a colleague's: it is told to let go of it, whether it has a cursor or not.
    let mut scopes = replica.scopes.clone();
    scopes.extend(&hidden);
    let filled = client.pull(&claim(&scopes, PullRequest { cursor: None, ..replica.request() })).await.unwrap();
    assert_eq!(filled.leave.iter().copied().collect::<BTreeSet<_>>(), hidden.iter().copied().collect());
    scene.shows_only_his_own(&filled).await;
    let refused = client.pull(&claim(&scopes, replica.request())).await.unwrap_err();
    assert_eq!(refused.why(), (ErrorCode::CursorStale, Some("scopes")));
    // That it holds nothing, with a cursor that says otherwise, or a digest that is not that of its list.
    let none = claim(&BTreeSet::new(), replica.request());
    assert_eq!(client.pull(&none).await.unwrap_err().why(), (ErrorCode::CursorStale, Some("scopes")));
    let mut torn = claim(&scopes, PullRequest { cursor: None, ..replica.request() });
    torn.held.digest = scopes_digest([]);
    assert_eq!(client.pull(&torn).await.unwrap_err().error.code, ErrorCode::BadRequest);
    // That it holds all that is due, with no row of it: it is sent every row.
    let empty = PullRequest { cursor: None, checksums: BTreeMap::new(), ..replica.request_with_ids() };
    replica.rows.clear();
    let mut page = client.pull(&empty).await.unwrap();
    while !replica.apply(page) {
        page = client.pull(&replica.request()).await.unwrap();
    }
    let caller = &scene.contractor.technicians[0].caller;
    assert_converged(&replica, &scene.contractor.database, caller).await;
    scene.heals().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn about_its_cursor() {
    let scene = Scene::new().await;
    let mut replica = scene.replica(0).await;
    let colleague = scene.replica(1).await;
    let client = &scene.clients[0];
    // A colleague's, with the colleague's scopes, in every combination.
    let stolen = PullRequest { device_id: replica.device_id, ..colleague.request_with_ids() };
    let with_own_scopes = PullRequest { held: replica.request_with_ids().held, ..stolen.clone() };
    for request in [&stolen, &with_own_scopes] {
        match client.pull(request).await {
            Ok(page) => {
                scene.shows_only_his_own(&page).await;
                assert!(page.enter.iter().all(|scope| replica.scopes.contains(scope)));
            }
            Err(refused) => assert_eq!(refused.error.code, ErrorCode::CursorStale),
        }
    }
    // No cursor at all, but something in its place.
    for text in ["", "{}", "AAAA", &"A".repeat(20_000)] {
        let cursor = Some(satchel_protocol::wire::Cursor(text.to_owned()));
        let refused = client.pull(&PullRequest { cursor, ..replica.request() }).await.unwrap_err();
        assert!(refused.status < 500, "{refused:?}");
    }
    // What it kept from long ago, while it says that it has seen everything since.
    let old = replica.request();
    sqlx::raw_sql("update satchel.job set title = 'Another title'").execute(&scene.contractor.admin).await.unwrap();
    replica.catch_up(client).await.unwrap();
    let page = client.pull(&old).await.unwrap();
    scene.shows_only_his_own(&page).await;
    assert_eq!(page.tables.iter().map(|table| table.rows.len()).sum::<usize>(), 1);
    let caller = &scene.contractor.technicians[0].caller;
    assert_converged(&replica, &scene.contractor.database, caller).await;
    scene.heals().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn about_its_checksums() {
    let scene = Scene::new().await;
    let mut replica = scene.replica(0).await;
    let client = &scene.clients[0];
    let truth = replica.request_repair();
    // That it holds what it has lost: nothing is sent, and the manifest contradicts it.
    let lost = replica.rows.keys().find(|(table, _)| table == "visit").unwrap().clone();
    replica.rows.remove(&lost);
    let page = client.pull(&PullRequest { manifest: true, ..truth.clone() }).await.unwrap();
    assert!(page.tables.is_empty() && page.fill.is_empty());
    assert_ne!(page.manifest.unwrap(), replica.manifest());
    let page = client.pull(&replica.request_repair()).await.unwrap();
    assert!(replica.apply(page));
    let caller = &scene.contractor.technicians[0].caller;
    assert_converged(&replica, &scene.contractor.database, caller).await;
    // Numbers that cannot be, of tables and scopes that are not, or not his.
    let absurd = Checksum { count: u64::MAX, sum: u64::MAX };
    let strange = [Uuid::nil(), Uuid::now_v7(), scene.jobs[1].job_id.uuid(), scene.contractor.org_id];
    let everywhere: BTreeMap<Uuid, Checksum> =
        strange.into_iter().chain(replica.scopes.iter().copied()).map(|scope| (scope, absurd)).collect();
    let tables = REGISTRY.tables.iter().map(|table| table.name.to_owned()).chain(["pg_class".to_owned()]);
    let checksums = tables.map(|table| (table, everywhere.clone())).collect();
    let mut page = client.pull(&PullRequest { checksums, ..truth }).await.unwrap();
    scene.shows_only_his_own(&page).await;
    assert!(page.fill.iter().all(|fill| fill.table != "pg_class"));
    assert!(page.fill.iter().flat_map(|fill| &fill.scopes).all(|scope| replica.scopes.contains(scope)));
    while !replica.apply(page) {
        page = client.pull(&replica.request()).await.unwrap();
    }
    assert_converged(&replica, &scene.contractor.database, caller).await;
    scene.heals().await;
}
