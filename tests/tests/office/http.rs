//! The server's front: envelopes whoever refuses, trace ids, health (R7, R16).

use reqwest::Method;
use satchel_domain::REGISTRY;
use satchel_protocol::{ErrorCode, limits};
use satchel_tests::{
    contractor::Contractor,
    replica::Replica,
    server::{Client, TestServer, refused, unhurried},
};
use uuid::Uuid;

struct Scene {
    contractor: Contractor,
    client: Client,
    replica: Replica,
    _server: TestServer,
}

impl Scene {
    async fn new() -> Self {
        let contractor = Contractor::new(&REGISTRY).await;
        let server = TestServer::start(&contractor.database, &REGISTRY, unhurried()).await;
        let client = server.client(contractor.technicians[0].caller);
        let replica = Replica::new(&REGISTRY, contractor.org_id);
        Self { contractor, client, replica, _server: server }
    }
}

#[tokio::test]
async fn everything_refused_before_a_handler_is_an_envelope_too() {
    let scene = Scene::new().await;
    let pull = "/api/v1/sync/pull";
    let post = |body: String| {
        let request = scene.client.request(Method::POST, pull).header("content-type", "application/json");
        request.body(body)
    };
    let cases = [
        (post("{".to_owned()), 400, ErrorCode::BadRequest),
        (post(r#"{"protocol": "one"}"#.to_owned()), 400, ErrorCode::BadRequest),
        (scene.client.request(Method::POST, pull).body("{}"), 415, ErrorCode::BadRequest),
        (post(" ".repeat(limits::BODY_BYTES + 1)), 413, ErrorCode::PayloadTooLarge),
        (scene.client.request(Method::GET, pull), 405, ErrorCode::BadRequest),
        (scene.client.request(Method::GET, "/api/v2/anything"), 404, ErrorCode::NotFound),
        (scene.client.request(Method::GET, "/api/v1/sync/ws"), 426, ErrorCode::BadRequest),
        (scene.client.request(Method::GET, "/api/v1/sync/stream"), 400, ErrorCode::BadRequest),
    ];
    for (number, (request, status, code)) in cases.into_iter().enumerate() {
        let trace_id = Uuid::now_v7();
        let answer = request.header("x-trace-id", trace_id.to_string()).send().await.unwrap();
        assert_eq!(answer.headers()["x-trace-id"], trace_id.to_string());
        let found = answer.status().as_u16();
        let refused = refused(found, &answer.bytes().await.unwrap());
        assert_eq!((found, refused.error.code), (status, code), "case {number}");
        assert_eq!(refused.error.trace_id, trace_id.to_string());
    }
}

#[tokio::test]
async fn health_readiness_and_counts_are_told() {
    let mut scene = Scene::new().await;
    scene.replica.catch_up(&scene.client).await.unwrap();
    let get = async |path: &str| {
        let answer = scene.client.request(Method::GET, path).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(get("/healthz").await.0, 200);
    assert_eq!(get("/readyz").await.0, 200);
    let (status, text) = get("/metrics").await;
    assert!(status == 200 && text.contains("\nsatchel_pull_pages_total 1\n"), "{text}");
    scene.contractor.database.close().await;
    assert_eq!(get("/healthz").await.0, 200);
    let (status, text) = get("/readyz").await;
    assert_eq!((status, refused(status, text.as_bytes()).error.code), (503, ErrorCode::ServiceUnavailable));
    assert_eq!(scene.client.pull(&scene.replica.request()).await.unwrap_err().status, 503);
}
