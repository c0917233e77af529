//! Who may call what: the whole matrix of roles and procedures, as the policy says it, as the server does it (R3), and as
//! phones are told it.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fmt::Write as _;

use reqwest::Method;
use satchel_client::ClientError;
use satchel_domain::{
    REGISTRY,
    mutations::{AcceptVisit, CreateTerritory},
    roles,
    tables::{Territory, Visit, VisitState},
};
use satchel_protocol::{
    ErrorCode, Mutation as _, Registry, Rejection,
    policy::FORBIDDEN,
    wire::{DeltaPage, Outcome, PullRequest, ServerMessage},
};
use satchel_server::{openapi, policy::Policy};
use satchel_tests::{
    contractor::{Contractor, id},
    phone::{Field, Phone},
    replica::Replica,
    server::{Client, TestServer, patiently, refused, unhurried},
};
use uuid::Uuid;

/// Written anew with `SATCHEL_BLESS=1`; read the difference before committing it.
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policy/matrix.txt");

const LEGEND: &str = "Which role may call which procedure. On which rows, the rules say, and row-level security.\n";

#[test]
fn every_role_may_call_exactly_this() {
    let policy = Policy::load(&REGISTRY).unwrap();
    let width = REGISTRY.procedures().map(str::len).max().unwrap_or_default();
    let mut text = format!("{LEGEND}\n{:width$}", "");
    for role in roles::ALL {
        write!(text, " {role}").unwrap();
    }
    let mut names: Vec<&str> = REGISTRY.procedures().collect();
    names.sort_unstable();
    for name in names {
        write!(text, "\n{name:width$}").unwrap();
        for role in roles::ALL {
            let may = policy.permissions(&[(*role).to_owned()]).may(name);
            write!(text, " {:width$}", if may { "may" } else { "-" }, width = role.len()).unwrap();
        }
        assert!(!policy.callers(name).is_empty(), "no policy permits {name}: add it to a file in domain/policies");
    }
    let text = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n";
    if std::env::var_os("SATCHEL_BLESS").is_some() {
        std::fs::write(GOLDEN, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(GOLDEN).unwrap_or_default(), "see {GOLDEN}");
}

/// What the golden file says: role and procedure to whether the one may call the other.
fn golden() -> Vec<(String, String, bool)> {
    let text = std::fs::read_to_string(GOLDEN).unwrap();
    let mut lines = text.lines().skip(2);
    let roles: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    lines
        .flat_map(|line| {
            let mut cells = line.split_whitespace();
            let name = cells.next().unwrap();
            cells
                .zip(&roles)
                .map(move |(cell, role)| ((*role).to_owned(), name.to_owned(), cell == "may"))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn the_api_document_names_the_roles() {
    let document = openapi::document(&REGISTRY, &Policy::load(&REGISTRY).unwrap());
    for name in REGISTRY.procedures() {
        let named = &document["paths"][format!("/api/v1/rpc/{name}")]["post"]["x-satchel-roles"];
        let named: Vec<&str> = named.as_array().unwrap().iter().map(|role| role.as_str().unwrap()).collect();
        let may = golden().into_iter().filter(|(_, of, may)| *may && of == name);
        assert_eq!(named, may.map(|(role, ..)| role).collect::<Vec<_>>(), "{name}");
    }
}

/// Calls a procedure with arguments that mean nothing; the code and reason of the refusal, if it was refused.
async fn call(client: &Client, name: &str) -> Option<(ErrorCode, Option<String>)> {
    let request = client.request(Method::POST, &format!("/api/v1/rpc/{name}"));
    let request = request.header("idempotency-key", Uuid::now_v7().to_string()).json(&serde_json::json!({}));
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    (status >= 400).then(|| {
        let refused = refused(status, &body);
        let (code, reason) = refused.why();
        assert_eq!(code.http_status(), status);
        (code, reason.map(str::to_owned))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_lets_every_role_call_exactly_this() {
    let contractor = Contractor::new(&REGISTRY).await;
    let server = TestServer::start(&contractor.database, &REGISTRY, unhurried()).await;
    let mut calls = 0;
    for role in roles::ALL {
        let client = server.client(contractor.hire(&[role]).await);
        for (_, name, may) in golden().into_iter().filter(|(of, ..)| of == role) {
            let refusal = call(&client, &name).await;
            let forbidden = refusal
                .as_ref()
                .is_some_and(|(code, reason)| *code == ErrorCode::Forbidden || reason.as_deref() == Some(FORBIDDEN));
            assert_eq!(forbidden, !may, "{role} calls {name}: {refusal:?}");
            calls += 1;
        }
    }
    assert_eq!(calls, roles::ALL.len() * REGISTRY.procedures().count());
    server.stop().await;
}

/// What a phone answers for every procedure, held against the golden file.
fn assert_told(phone: &Phone, roles: &[&str]) {
    for name in REGISTRY.procedures() {
        let may = golden().iter().any(|(role, of, may)| *may && of == name && roles.contains(&role.as_str()));
        assert_eq!(phone.client.may(name).unwrap(), may, "{roles:?}: {name}");
    }
}

/// Waits until a phone answers so for a procedure.
async fn hears(phone: &Phone, name: &str, may: bool) {
    let observation = phone.client.observe(&[]).unwrap();
    patiently(async {
        while phone.client.may(name).unwrap() != may {
            observation.changed().await;
        }
    })
    .await;
}

fn territory(field: &Field) -> CreateTerritory {
    CreateTerritory { territory_id: id(), branch_id: field.contractor.branch_id, name: "North".to_owned() }
}

async fn refusal(phone: &Phone, mutation: &CreateTerritory) -> Rejection {
    match phone.client.mutate(mutation).await {
        Err(ClientError::Refused(rejection)) => rejection,
        other => panic!("a refusal was due, not {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_refuses_what_the_server_would_in_the_same_words() {
    let field = Field::new().await;
    let phone = field.phone(field.contractor.technicians[0].caller).await;
    let mutation = territory(&field);
    assert!(phone.client.may(CreateTerritory::NAME).unwrap(), "nobody has told it anything");
    phone.client.start().await.unwrap();
    phone.settled().await;
    assert_told(&phone, &[roles::TECHNICIAN]);
    let on_the_phone = refusal(&phone, &mutation).await;
    assert_eq!((on_the_phone.code, on_the_phone.reason.as_str()), (ErrorCode::Forbidden, FORBIDDEN));
    let mut elsewhere = field.contractor.phone(phone.caller);
    let Outcome::Rejected(by_the_server) = field.contractor.outcome(&mut elsewhere, &mutation).await else {
        panic!("a refusal was due");
    };
    assert_eq!(on_the_phone, by_the_server);
    assert_eq!(phone.client.queue().await.unwrap().len(), 0);

    let office = field.phone(field.contractor.dispatcher).await;
    office.client.start().await.unwrap();
    office.settled().await;
    assert_told(&office, &[roles::DISPATCHER]);
    phone.client.close().await;
    office.client.close().await;
    field.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_roles_take_effect_on_a_connected_phone() {
    let field = Field::new().await;
    let caller = field.contractor.technicians[0].caller;
    let phone = field.synced_phone(0).await;
    refusal(&phone, &territory(&field)).await;
    let others = field.contractor.work(VisitState::Dispatched, &field.contractor.technicians[1..]).await;

    field.contractor.set_roles(&caller, &[roles::OPERATIONS_MANAGER]).await;
    hears(&phone, CreateTerritory::NAME, true).await;
    assert_told(&phone, &[roles::OPERATIONS_MANAGER]);
    assert_eq!(phone.client.identity().unwrap().roles, [roles::OPERATIONS_MANAGER]);
    let accepted = territory(&field);
    phone.client.mutate(&accepted).await.unwrap();
    phone.settled().await;
    phone.sees_row::<Territory>(accepted.territory_id.uuid()).await;
    // Rules here go by the new roles too: it is another technician's visit.
    phone.sees_row::<Visit>(others.visit_id.uuid()).await;
    let accept = AcceptVisit { job_id: others.job_id, visit_id: others.visit_id, reason: None };
    phone.client.mutate(&accept).await.unwrap();
    phone.settled().await;
    phone.assert_converged(&field.contractor.database).await;

    // Entered before the phone can know better: it is sent all the same, and gets its verdict.
    phone.proxy.cut();
    let late = territory(&field);
    let key = phone.client.mutate(&late).await.unwrap().key;
    field.contractor.set_roles(&caller, &[roles::TECHNICIAN]).await;
    phone.proxy.mend();
    hears(&phone, CreateTerritory::NAME, false).await;
    phone.until("a refusal", |status| status.queue.rejected == 1).await;
    let attention = phone.client.attention().await.unwrap();
    assert_eq!(attention[0].entry.key, key);
    assert_eq!(attention[0].outcome, Outcome::Rejected(refusal(&phone, &territory(&field)).await));
    assert_told(&phone, &[roles::TECHNICIAN]);
    phone.client.close().await;
    field.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_add_up_on_a_phone_whatever_its_lane() {
    let field = Field::new().await;
    let [technician, other] = field.contractor.technicians;
    for (technician, both) in
        [(technician, [roles::TECHNICIAN, roles::INVENTORY_MANAGER]), (other, [roles::TECHNICIAN, roles::DISPATCHER])]
    {
        field.contractor.set_roles(&technician.caller, &both).await;
        let phone = field.phone(technician.caller).await;
        phone.client.start().await.unwrap();
        phone.settled().await;
        assert_told(&phone, &both);
        phone.assert_converged(&field.contractor.database).await;
        phone.client.close().await;
    }
    field.server.stop().await;
}

/// A request that states what is known of the permissions.
fn knowing(replica: &Replica, digest: &str) -> PullRequest {
    PullRequest { permissions: Some(digest.to_owned()), ..replica.request() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_pull_tells_it_once_to_whoever_asks() {
    let contractor = Contractor::new(&REGISTRY).await;
    let server = TestServer::start(&contractor.database, &REGISTRY, unhurried()).await;
    let caller = contractor.technicians[0].caller;
    let client = server.client(caller);
    let replica = || Replica::new(&REGISTRY, contractor.org_id);
    let policy = Policy::load(&REGISTRY).unwrap();
    let expected = (*policy.permissions(&[roles::TECHNICIAN.to_owned()])).clone();
    let told = |page: &DeltaPage| page.permissions.clone();

    let mut pulling = replica();
    assert_eq!(told(&client.pull(&pulling.request()).await.unwrap()), None, "it did not ask");
    assert_eq!(told(&client.pull(&knowing(&pulling, &expected.digest)).await.unwrap()), None, "it knows");
    let page = client.pull(&knowing(&pulling, "")).await.unwrap();
    assert_eq!(told(&page).as_ref(), Some(&expected));
    assert!(pulling.apply(page));
    assert_eq!(told(&client.pull(&knowing(&pulling, "of long ago")).await.unwrap()).as_ref(), Some(&expected));

    let wake = async || contractor.work(VisitState::Dispatched, &contractor.technicians[..1]).await;
    let mut socket = client.socket(&knowing(&pulling, "")).await.unwrap();
    assert_eq!(told(&socket.delta().await).as_ref(), Some(&expected));
    let mut events = client.events(&knowing(&pulling, ""), None).await.unwrap();
    assert_eq!(told(&events.delta().await.0).as_ref(), Some(&expected));
    let mut silent = client.socket(&pulling.request()).await.unwrap();
    assert_eq!(told(&silent.delta().await), None, "it did not ask");
    wake().await;
    server.state().hub.signal();
    assert_eq!(told(&socket.delta().await), None, "it was told on this stream");
    assert_eq!(told(&events.delta().await.0), None, "it was told on this stream");
    assert_eq!(told(&silent.delta().await), None, "it did not ask");

    contractor.set_roles(&caller, &[roles::TECHNICIAN, roles::BILLING]).await;
    server.state().hub.signal();
    let Some(ServerMessage::Error(error)) = socket.answer().await else { panic!("an error was due") };
    assert_eq!(error.error.details["reason"], "access");
    let repair = PullRequest { permissions: Some(expected.digest.clone()), ..pulling.request_repair() };
    let more = policy.permissions(&[roles::TECHNICIAN.to_owned(), roles::BILLING.to_owned()]);
    assert_eq!(told(&client.pull(&repair).await.unwrap()), Some((*more).clone()));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_policy_is_told_though_nobodys_roles_changed() {
    let contractor = Contractor::new(&REGISTRY).await;
    let fewer: Vec<_> = REGISTRY.policies.iter().copied().filter(|file| file.resource != "visit").collect();
    let registry: &'static Registry = Box::leak(Box::new(Registry {
        policies: Box::leak(fewer.into_boxed_slice()),
        tables: REGISTRY.tables,
        mutations: REGISTRY.mutations,
        queries: REGISTRY.queries,
        roles: REGISTRY.roles,
    }));
    let (before, after) = (
        TestServer::start(&contractor.database, &REGISTRY, unhurried()).await,
        TestServer::start(&contractor.database, registry, unhurried()).await,
    );
    let caller = contractor.technicians[0].caller;
    let mut replica = Replica::new(&REGISTRY, contractor.org_id);
    let page = before.client(caller).pull(&knowing(&replica, "")).await.unwrap();
    let known = page.permissions.clone().unwrap();
    assert!(known.may("visit/v1/arrive"));
    replica.apply(page);
    let page = after.client(caller).pull(&knowing(&replica, &known.digest)).await.unwrap();
    let told = page.permissions.clone().unwrap();
    assert!(!told.may("visit/v1/arrive") && told.check("visit/v1/arrive").unwrap_err().message.starts_with("Nobody"));
    assert!(replica.apply(page) && told.may("note/v1/create"));
    before.stop().await;
    after.stop().await;
}
