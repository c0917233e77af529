//! One mutation for clients without a replica: `POST /api/v1/rpc/...` (R5, R6, R7).

use reqwest::{Method, RequestBuilder};
use satchel_domain::{
    mutations::{AddMaterial, CreateJob},
    tables::{MaterialUsed, VisitState},
};
use satchel_protocol::{
    Ctx, ErrorCode, Mutation, MutationKind, PolicyFile, Rejection, RowKey, Stop, Workspace, limits,
};
use satchel_tests::{
    contractor::{Contractor, id, registry},
    server::{Client, TestServer, refused, unhurried},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

const ADD: &str = "/api/v1/rpc/material/v1/add";

async fn send(request: RequestBuilder) -> (u16, Vec<u8>) {
    let response = request.send().await.expect("an answer");
    (response.status().as_u16(), response.bytes().await.expect("a body").to_vec())
}

fn call(client: &Client, path: &str, key: Uuid, args: &impl Serialize) -> RequestBuilder {
    client.request(Method::POST, path).header("idempotency-key", key.to_string()).json(args)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_answers_with_the_output_and_a_repeat_with_the_same() {
    let contractor = Contractor::new(&satchel_domain::REGISTRY).await;
    let server = TestServer::start(&contractor.database, &satchel_domain::REGISTRY, unhurried()).await;
    let technician = contractor.technicians[0];
    let work = contractor.work(VisitState::OnSite, &[technician]).await;
    let client = server.client(technician.caller);
    let args = AddMaterial {
        job_id: work.job_id,
        visit_id: work.visit_id,
        material_id: id::<MaterialUsed>(),
        item_id: contractor.item_id,
        quantity: "2.5".parse().unwrap(),
    };
    assert_eq!(ADD, format!("/api/v1/rpc/{}", AddMaterial::NAME));
    let key = Uuid::now_v7();
    let (status, first) = send(call(&client, ADD, key, &args)).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&first));
    let output: Value = serde_json::from_slice(&first).unwrap();
    assert_eq!(output, json!({ "material_id": args.material_id, "unit_price_cents": "1250" }));
    assert_eq!(send(call(&client, ADD, key, &args)).await, (200, first));
    assert_eq!(contractor.count("select count(*) from satchel.material_used").await, 1);

    // The same key for something else, and a rule that says no.
    let other = AddMaterial { material_id: id(), ..args.clone() };
    let (status, body) = send(call(&client, ADD, key, &other)).await;
    assert_eq!(refused(status, &body).why(), (ErrorCode::Conflict, Some("mutation.key_reused")));
    let none = AddMaterial { quantity: "0".parse().unwrap(), ..other };
    let (status, body) = send(call(&client, ADD, Uuid::now_v7(), &none)).await;
    assert_eq!(refused(status, &body).why(), (ErrorCode::BadRequest, Some("material.quantity_zero")));
    let create = json!({
        "job_id": Uuid::now_v7(), "branch_id": contractor.branch_id, "customer_id": contractor.customer_id,
        "location_id": contractor.location_id, "title": "A job"
    });
    let path = format!("/api/v1/rpc/{}", CreateJob::NAME);
    let (status, body) = send(call(&client, &path, Uuid::now_v7(), &create)).await;
    assert_eq!(refused(status, &body).why(), (ErrorCode::Forbidden, Some("policy.forbidden")));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_malformed_call_is_told_what_is_wrong() {
    let contractor = Contractor::new(&satchel_domain::REGISTRY).await;
    let server = TestServer::start(&contractor.database, &satchel_domain::REGISTRY, unhurried()).await;
    let client = server.client(contractor.dispatcher);
    let key = Uuid::now_v7();
    let post = |path: &str| client.request(Method::POST, path).header("content-type", "application/json");
    let keyed = |path: &str| post(path).header("idempotency-key", key.to_string());
    let cases = [
        (post(ADD).body("{}"), ErrorCode::BadRequest, "no key"),
        (post(ADD).header("idempotency-key", "1").body("{}"), ErrorCode::BadRequest, "a key that is no UUID"),
        (keyed("/api/v1/rpc/no/v1/such").body("{}"), ErrorCode::NotFound, "an unknown procedure"),
        (keyed(ADD).body("{"), ErrorCode::BadRequest, "a body that is no JSON"),
        (keyed(ADD).body(""), ErrorCode::BadRequest, "no body"),
        (keyed(ADD).body("{}"), ErrorCode::BadRequest, "missing arguments"),
        (keyed(ADD).body(format!("\"{}\"", "x".repeat(limits::ARGS_BYTES))), ErrorCode::PayloadTooLarge, "too much"),
    ];
    for (request, code, what) in cases {
        let (status, body) = send(request).await;
        assert_eq!(refused(status, &body).error.code, code, "{what}");
    }
    assert_eq!(contractor.count("select count(*) from satchel.material_used").await, 0);
    server.stop().await;
}

/// Says no in a way it does not declare.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Undeclared {}

impl Mutation for Undeclared {
    const NAME: &'static str = "test/v1/undeclared";
    const SUMMARY: &'static str = "Says no in a way it does not declare.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::BadRequest];
    type Output = ();

    fn roots(&self) -> Vec<RowKey> {
        Vec::new()
    }

    fn apply(&self, _: &Ctx, _: &mut Workspace) -> Result<(), Stop> {
        Err(Rejection::conflict("test.no", "No.").into())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_a_procedure_does_not_declare_is_found_by_whatever_test_meets_it() {
    let text = r#"@id("all") permit (principal, action == Action::"test/v1/undeclared", resource);"#;
    let registry = registry(&[], &[MutationKind::of::<Undeclared>()], &[PolicyFile { resource: "test", text }]);
    let contractor = Contractor::new(registry).await;
    let server = TestServer::start(&contractor.database, registry, unhurried()).await;
    let client = server.client(contractor.dispatcher);
    let path = format!("/api/v1/rpc/{}", Undeclared::NAME);
    let (status, body) = send(call(&client, &path, Uuid::now_v7(), &json!({}))).await;
    assert_eq!(refused(status, &body).error.code, ErrorCode::InternalServerError);
    server.stop().await;
}
