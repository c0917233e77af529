//! The OpenAPI 3.1 document, generated from the registry and the wire types (R8). Nothing in it is written by hand but
//! the sentences about the routes that are not procedures.
//!
//! Invariants:
//! - Every procedure is in it, with an example of its arguments and of its answer, and with every status it may have.
//! - Every example is valid under its schema.
//! - The roles that may call a procedure are those the policy names, in `x-satchel-roles`.
//!
//! Reading order: [`document`] → `accounts` → `procedure` → `responses` → `example` → `docs`.

mod accounts;
mod docs;
mod example;
mod procedure;
mod responses;

use axum::{Json, Router, extract::State, routing::get};
use satchel_protocol::{
    ErrorCode, ErrorEnvelope, PROTOCOL_VERSION, Registry,
    wire::{DeltaPage, PullRequest, PushRequest, PushResponse},
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::{http::AppState, policy::Policy};

/// How a decimal is spelled, quantities and money's rates alike.
const DECIMAL: &str = r"^-?\d{1,20}(\.\d{1,8})?$";

/// Where the document is served.
pub const PATH: &str = "/api/openapi.json";

pub use docs::PATH as DOCS_PATH;

/// The route.
pub fn router() -> Router<AppState> {
    Router::new().route(PATH, get(serve)).merge(docs::router())
}

async fn serve(State(state): State<AppState>) -> Json<Value> {
    Json(document(state.registry, &state.policy))
}

/// The document for a registry and its policy.
pub fn document(registry: &Registry, policy: &Policy) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut schemas = settings.into_generator();
    let mut paths = Map::new();
    accounts::write(&mut paths, &mut schemas);
    sync(&mut paths, &mut schemas);
    procedure::write(registry, policy, &mut paths, &mut schemas);
    let tags: Vec<Value> = tags(registry).into_iter().map(|name| json!({ "name": name })).collect();
    operation_routes(&mut paths);
    let error = reference::<ErrorEnvelope>(&mut schemas);
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Satchel",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Offline-first field work: mutations, delta sync, sign-in.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "parameters": { "Organization": organization_header(), "IdempotencyKey": idempotency_header() },
            "responses": responses::components(&error),
            "securitySchemes": { "access": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } },
        },
        "security": [{ "access": [] }],
    });
    spell_decimals(&mut document);
    give_examples(&mut document);
    document
}

/// Decimals are text here, in both directions; the schema's library would also take numbers.
fn spell_decimals(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let number = json!("number");
            if members
                .get("pattern")
                .and_then(Value::as_str)
                .is_some_and(|pattern| pattern.starts_with(r"^-?\d+(\.\d+)?"))
                && let Some(Value::Array(kinds)) = members.get_mut("type")
            {
                kinds.retain(|kind| *kind != number);
                if let [only] = &kinds[..] {
                    let only = only.clone();
                    members.insert("type".to_owned(), only);
                }
                members.insert("pattern".to_owned(), json!(DECIMAL));
            }
            members.values_mut().for_each(spell_decimals);
        }
        Value::Array(items) => items.iter_mut().for_each(spell_decimals),
        _ => {}
    }
}

/// Gives every JSON body that has no example one that follows from its schema.
fn give_examples(document: &mut Value) {
    let definitions = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for operation in paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        let mut bodies: Vec<&mut Value> = Vec::new();
        let Some(operation) = operation.as_object_mut() else { continue };
        for (member, value) in operation.iter_mut() {
            match member.as_str() {
                "requestBody" => bodies.push(value),
                "responses" => bodies.extend(value.as_object_mut().into_iter().flat_map(Map::values_mut)),
                _ => {}
            }
        }
        for body in bodies {
            let Some(content) = body.pointer_mut("/content/application~1json").and_then(Value::as_object_mut) else {
                continue;
            };
            if !content.contains_key("examples") {
                let example = example::example(&content["schema"], &definitions, "");
                content.insert("examples".to_owned(), example::named(&example));
            }
        }
    }
}

fn tags(registry: &Registry) -> Vec<&'static str> {
    let mut names = vec!["auth", "sync", "operation"];
    let procedures = registry.queries.iter().map(|query| query.name);
    for name in procedures.chain(registry.mutations.iter().map(|mutation| mutation.name)) {
        let tag = procedure::resource(name);
        if !names.contains(&tag) {
            names.push(tag);
        }
    }
    names
}

fn sync(paths: &mut Map<String, Value>, schemas: &mut SchemaGenerator) {
    let organization = json!([{ "$ref": "#/components/parameters/Organization" }]);
    let bodies = [
        (
            "push",
            "Executes a phone's mutations in order and answers their verdicts.",
            reference::<PushRequest>(schemas),
            reference::<PushResponse>(schemas),
        ),
        (
            "pull",
            "Answers one page of what changed since a cursor.",
            reference::<PullRequest>(schemas),
            reference::<DeltaPage>(schemas),
        ),
    ];
    for (name, summary, body, answer) in bodies {
        let mut errors = usual_errors();
        declare(&mut errors, ErrorCode::Conflict);
        declare(&mut errors, ErrorCode::UpgradeRequired);
        let operation = json!({
            "operationId": format!("sync.{name}"),
            "tags": ["sync"],
            "summary": summary,
            "description": format!("Wire version {PROTOCOL_VERSION}; docs/protocol.md explains it."),
            "parameters": organization,
            "requestBody": { "required": true, "content": json_content(&body) },
            "responses": with_success(errors, "Answered.", &answer),
        });
        paths.insert(format!("/api/v1/sync/{name}"), json!({ "post": operation }));
    }
    let streams = [
        (
            "stream",
            "200",
            "Deltas as server-sent events: changes, then live, with heartbeats.",
            Some("text/event-stream"),
        ),
        ("ws", "101", "The same over a WebSocket, which also takes pushes.", None),
    ];
    for (name, status, summary, media) in streams {
        let mut responses = usual_errors();
        let mut answer = json!({ "description": "The stream." });
        if let Some(media) = media {
            answer["content"] = json!({ media: { "schema": { "type": "string" } } });
        }
        responses.insert(status.to_owned(), answer);
        let mut parameters = vec![json!({ "$ref": "#/components/parameters/Organization" })];
        parameters.push(json!({
            "name": satchel_protocol::wire::stream::PULL_HEADER,
            "in": "header",
            "description": "The pull that opens the stream, as JSON.",
            "content": json_content(&reference::<PullRequest>(schemas)),
        }));
        let operation = json!({
            "operationId": format!("sync.{name}"),
            "tags": ["sync"],
            "summary": summary,
            "parameters": parameters,
            "responses": responses,
        });
        paths.insert(format!("/api/v1/sync/{name}"), json!({ "get": operation }));
    }
}

fn operation_routes(paths: &mut Map<String, Value>) {
    let routes = [
        ("/healthz", "Answers while the process lives."),
        ("/readyz", "Answers 200 while the database can be used, else 503."),
        ("/metrics", "Counts, as Prometheus reads them."),
        (PATH, "This document."),
        (DOCS_PATH, "This document as pages for people."),
    ];
    for (path, summary) in routes {
        let mut responses = json!({ "200": { "description": "Yes." } });
        if path == "/readyz" {
            responses["503"] = responses::reference(503);
        }
        let operation = json!({
            "operationId": format!("operation.{}", path.trim_matches('/').replace(['/', '.'], "-")),
            "tags": ["operation"],
            "summary": summary,
            "security": [],
            "responses": responses,
        });
        paths.insert(path.to_owned(), json!({ "get": operation }));
    }
}

fn reference<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Value {
    Value::from(schemas.subschema_for::<T>())
}

fn json_content(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

/// Errors that any call may meet.
fn usual_errors() -> Map<String, Value> {
    let mut errors = Map::from_iter([("415".to_owned(), responses::reference(415))]);
    for code in [
        ErrorCode::BadRequest,
        ErrorCode::Unauthorized,
        ErrorCode::Forbidden,
        ErrorCode::PayloadTooLarge,
        ErrorCode::TooManyRequests,
        ErrorCode::InternalServerError,
        ErrorCode::ServiceUnavailable,
    ] {
        declare(&mut errors, code);
    }
    errors
}

fn declare(errors: &mut Map<String, Value>, code: ErrorCode) {
    errors.insert(code.http_status().to_string(), responses::reference(code.http_status()));
}

fn with_success(mut responses: Map<String, Value>, description: &str, schema: &Value) -> Map<String, Value> {
    responses.insert("200".to_owned(), json!({ "description": description, "content": json_content(schema) }));
    responses
}

fn organization_header() -> Value {
    json!({
        "name": "X-Org-Id",
        "in": "header",
        "required": true,
        "description": "The organization the call acts in: one of the session's memberships.",
        "schema": { "type": "string", "format": "uuid" },
    })
}

fn idempotency_header() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": true,
        "description": "The same for every repeat of this call; with other content it is a CONFLICT.",
        "schema": { "type": "string", "format": "uuid" },
    })
}
