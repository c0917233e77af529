//! Whatever is sent to a procedure is answered as the API document declares it, never by a 500, and what is refused
//! leaves no trace (R7). The sweep reads the document, so that it finds new procedures by itself.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "bad_input/cases.rs"]
mod cases;

use std::collections::{BTreeMap, BTreeSet};

use cases::{Case, Ids, cases};
use futures_util::{StreamExt as _, stream};
use reqwest::Method;
use satchel_domain::REGISTRY;
use satchel_protocol::{ErrorEnvelope, PROTOCOL_VERSION, wire::PushRequest};
use satchel_server::{
    database::{Caller, Database, PoolLimits},
    openapi::document,
    policy::Policy,
};
use satchel_tests::{
    catalogue::tenant_tables,
    contractor::Phone,
    database::as_service,
    server::{Client, TestServer, refused, unhurried},
    tenants::two_tenants,
};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

/// Calls in flight at once.
const CONCURRENCY: usize = 8;

/// Bookkeeping that remembers refusals too.
const BOOKS: [&str; 5] = ["device", "mutation_ledger", "mutation_attempt", "feed", "audit_log"];

async fn named(admin: &mut PgConnection, name: &str) -> Uuid {
    sqlx::query_scalar("select public.id($1)").bind(name).fetch_one(admin).await.unwrap()
}

/// What all tenants' rows amount to: changes with every write.
async fn fingerprint(admin: &mut PgConnection, tables: &[String]) -> String {
    let parts: Vec<String> = tables
        .iter()
        .filter(|table| !BOOKS.contains(&table.as_str()))
        .map(|table| {
            format!("select '{table}' as name, count(*), sum(hashtextextended(t::text, 0)) from satchel.{table} t")
        })
        .collect();
    let statement =
        format!("select string_agg(parts::text, ' ' order by name) from ({}) parts", parts.join(" union all "));
    sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(admin).await.unwrap()
}

/// An id of each table, in either tenant.
async fn ids(admin: &mut PgConnection) -> Ids {
    let mut found = BTreeMap::new();
    for table in REGISTRY.tables {
        let mut pair = Vec::new();
        for tenant in ["a", "b"] {
            let statement =
                format!("select id from satchel.{} where org_id = public.id($1) order by id limit 1", table.name);
            let id: Option<Uuid> =
                sqlx::query_scalar(AssertSqlSafe(statement)).bind(tenant).fetch_optional(&mut *admin).await.unwrap();
            pair.extend(id);
        }
        if let [own, foreign] = pair[..] {
            found.insert(table.name.to_owned(), (own, foreign));
        }
    }
    Ids(found)
}

/// Sends a case, and holds the answer against the declared statuses. True when it was done.
async fn send(client: &Client, path: &str, declared: &BTreeSet<String>, case: &Case) -> Result<bool, String> {
    let request = client.request(Method::POST, path).header("content-type", "application/json");
    let mut request = request.header("idempotency-key", Uuid::now_v7().to_string()).body(case.body.clone());
    if case.oversized {
        // The server hangs up on it, which must not meet another call on the same connection.
        request = request.header("connection", "close");
    }
    let shown = || {
        let body = String::from_utf8_lossy(&case.body);
        format!("{path}, {}: {}", case.what, body.chars().take(400).collect::<String>())
    };
    let response = match request.send().await {
        Ok(response) => response,
        // A body far beyond the limit may be cut off before it was read whole.
        Err(_) if case.oversized => return Ok(false),
        Err(error) => return Err(format!("{}: {error}", shown())),
    };
    let status = response.status().as_u16();
    let body = response.bytes().await.map_err(|error| format!("{}: {error}", shown()))?;
    if status == 200 {
        return Ok(true);
    }
    if serde_json::from_slice::<ErrorEnvelope>(&body).is_err() {
        return Err(format!("{}: {status} without envelope", shown()));
    }
    let refused = refused(status, &body);
    if status >= 500 || !declared.contains(&status.to_string()) {
        return Err(format!("{}: {status} is not declared: {}", shown(), refused.error.message));
    }
    Ok(false)
}

/// Sends all; gives those that were refused.
async fn refusals<'c>(
    client: &Client,
    path: &str,
    declared: &BTreeSet<String>,
    cases: impl Iterator<Item = &'c Case>,
    faults: &mut Vec<String>,
) -> Vec<&'c Case> {
    let answers = stream::iter(cases).map(async |case| (case, send(client, path, declared, case).await));
    let answers: Vec<_> = answers.buffer_unordered(CONCURRENCY).collect().await;
    let mut left = Vec::new();
    for (case, answer) in answers {
        match answer {
            Ok(true) => {}
            Ok(false) => left.push(case),
            Err(fault) => faults.push(fault),
        }
    }
    left
}

#[tokio::test(flavor = "multi_thread")]
async fn every_procedure_answers_everything_as_declared_and_refuses_without_a_trace() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    let service = Database::connect(as_service(&database), PoolLimits::default()).await.unwrap();
    let server = TestServer::start(&service, &REGISTRY, unhurried()).await;
    let tables = tenant_tables(&mut admin).await;
    let ids = ids(&mut admin).await;
    let org_id = named(&mut admin, "a").await;
    let mut people = Vec::new();
    for role in ["owner", "technician"] {
        people.push(Caller::trusted(org_id, named(&mut admin, &format!("a/user/{role}")).await));
    }
    let [owner, technician] =
        people.iter().map(|caller| server.client(*caller)).collect::<Vec<_>>().try_into().ok().unwrap();
    let document = document(&REGISTRY, &Policy::load(&REGISTRY).unwrap());
    let mut faults = Vec::new();
    let (mut sent, mut accepted, mut compared) = (0, 0, 0);
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(name) = path.strip_prefix("/api/v1/rpc/") else { continue };
        let operation = &item["post"];
        let declared: BTreeSet<String> = operation["responses"].as_object().unwrap().keys().cloned().collect();
        let content = &operation["requestBody"]["content"]["application/json"];
        let all = cases(&content["schema"], &document, &content["examples"]["usual"]["value"], &ids);
        sent += all.len();
        // Once as whoever may do it at all, so that the rules are reached; a second time what was refused, which then
        // must have changed nothing.
        let office = refusals(&owner, path, &declared, all.iter().take(1), &mut faults).await;
        let forbidden = !office.is_empty()
            && refusals(&technician, path, &declared, all.iter().take(1), &mut faults).await.is_empty();
        let client = if forbidden { &technician } else { &owner };
        let left = refusals(client, path, &declared, all.iter(), &mut faults).await;
        accepted += all.len() - left.len();
        let before = fingerprint(&mut admin, &tables).await;
        let left: Vec<&Case> = left.into_iter().filter(|case| !case.oversized).step_by(2).collect();
        let again = refusals(client, path, &declared, left.iter().copied(), &mut faults).await;
        if again.len() == left.len() {
            compared += 1;
            let after = fingerprint(&mut admin, &tables).await;
            if before != after {
                faults.push(format!("{name}: a refused call changed rows"));
            }
        }
        // The same from a phone: verdicts, whatever the arguments.
        if REGISTRY.mutation(name).is_some() {
            let mut phone = Phone { caller: people[usize::from(forbidden)], device_id: Uuid::now_v7(), seq: 0 };
            let texts = all.iter().filter(|case| case.body.len() < 64 * 1024);
            let texts = texts.filter_map(|case| String::from_utf8(case.body.clone()).ok());
            let texts = texts.filter(|text| serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok());
            let mutations: Vec<_> = texts.take(200).map(|text| phone.next_raw(name, &text)).collect();
            let wanted = mutations.len();
            let request = PushRequest { protocol: PROTOCOL_VERSION, device_id: phone.device_id, mutations };
            match client.push(&request).await {
                Ok(response) if response.verdicts.len() == wanted => {}
                other => faults.push(format!("{name} pushed: {other:?}").chars().take(600).collect()),
            }
        }
    }
    eprintln!("{sent} calls, {accepted} done, {compared} procedures compared");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(sent > 1_000 && accepted > 20, "the sweep reaches too little: {sent} sent, {accepted} done");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_wrong_around_a_call_is_an_envelope() {
    let database = two_tenants().await;
    let mut admin = database.connect().await;
    let service = Database::connect(as_service(&database), PoolLimits::default()).await.unwrap();
    let server = TestServer::start(&service, &REGISTRY, unhurried()).await;
    let caller = Caller::trusted(named(&mut admin, "a").await, named(&mut admin, "a/user/owner").await);
    let client = server.client(caller);
    let get = "/api/v1/rpc/job/v1/get";
    let args = json!({ "job_id": named(&mut admin, "a/job/1").await }).to_string();
    let bare = |method: Method, path: &str| reqwest::Client::new().request(method, format!("{}{path}", server.url()));
    let json = |path: &str| client.request(Method::POST, path).header("content-type", "application/json");
    let cases = [
        (json(get).body(args.clone()), 200),
        (client.request(Method::POST, get).header("content-type", "text/plain").body(args.clone()), 415),
        (client.request(Method::POST, get).body(args.clone()), 415),
        (client.request(Method::GET, get), 405),
        (client.request(Method::DELETE, get), 405),
        (json("/api/v1/rpc/job/v1/nothing").body(args.clone()), 404),
        (json("/api/v1/rpc/job/v1").body(args.clone()), 404),
        (json("/api/v1/rpc/job/v1/get/").body(args.clone()), 404),
        (json("/api/v1/rpc/%00/v1/get").body(args.clone()), 404),
        (json("/api/v1/rpc/%ff/v1/get").body(args.clone()), 400),
        (json("/api/v1/rpc/job/v1/create").body("{}"), 400),
        (json(get).body(vec![0xff, 0xfe]), 400),
        (json(get).body("[".repeat(100_000)), 400),
        (json(get).body(format!("{}1{}", "{\"a\":".repeat(20_000), "}".repeat(20_000))), 400),
        (bare(Method::POST, get).header("content-type", "application/json").body(args.clone()), 401),
        (bare(Method::POST, get).header("authorization", "Bearer").body(args.clone()), 401),
        (bare(Method::POST, get).header("authorization", &b"Bearer \xe4"[..]).body(args.clone()), 401),
        (
            bare(Method::POST, get)
                .bearer_auth("x.y.z")
                .header("x-org-id", caller.org_id.to_string())
                .body(args.clone()),
            401,
        ),
        (
            bare(Method::POST, get)
                .bearer_auth(server.token(caller.user_id, std::time::Duration::ZERO))
                .header("x-org-id", "everywhere")
                .body(args.clone()),
            400,
        ),
        (
            bare(Method::POST, get)
                .bearer_auth(server.token(caller.user_id, std::time::Duration::ZERO))
                .header("content-type", "application/json")
                .header("x-org-id", Uuid::now_v7().to_string())
                .body(args.clone()),
            403,
        ),
    ];
    for (number, (request, wanted)) in cases.into_iter().enumerate() {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let body = response.bytes().await.unwrap();
        assert_eq!(status, wanted, "case {number}: {}", String::from_utf8_lossy(&body));
        if status != 200 {
            refused(status, &body);
        }
    }
    // A page for people, which loads nothing from elsewhere.
    let page = bare(Method::GET, "/api/docs").send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("http"), "{policy}");
    let text = page.text().await.unwrap();
    let script = text.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(!text.contains("http://") && !text.contains("https://") && text.contains("/api/openapi.json"), "{text}");
    let script = bare(Method::GET, script).send().await.unwrap();
    assert!(script.headers()["content-type"].to_str().unwrap().starts_with("text/javascript"));
    let served: Value = bare(Method::GET, "/api/openapi.json").send().await.unwrap().json().await.unwrap();
    assert_eq!(served, document(&REGISTRY, &Policy::load(&REGISTRY).unwrap()));
    server.stop().await;
}
