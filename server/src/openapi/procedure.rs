//! Mutations and queries as operations.

use satchel_protocol::{ErrorCode, MutationKind, QueryKind, Registry};
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{example, responses};
use crate::policy::Policy;

/// Errors that any procedure may meet, whatever it is about.
const ALWAYS: &[ErrorCode] = &[
    ErrorCode::BadRequest,
    ErrorCode::Unauthorized,
    ErrorCode::Forbidden,
    ErrorCode::PayloadTooLarge,
    ErrorCode::InternalServerError,
    ErrorCode::ServiceUnavailable,
];

/// One operation for each procedure.
pub(super) fn write(
    registry: &Registry,
    policy: &Policy,
    paths: &mut Map<String, Value>,
    schemas: &mut SchemaGenerator,
) {
    for query in registry.queries {
        insert(paths, policy, query.name, ask(query, schemas));
    }
    for mutation in registry.mutations {
        insert(paths, policy, mutation.name, change(mutation, schemas));
    }
}

/// The first part of a procedure's name, which is also the policy's file.
pub(super) fn resource(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

fn insert(paths: &mut Map<String, Value>, policy: &Policy, name: &str, mut operation: Value) {
    let roles = policy.callers(name);
    operation["description"] = format!("May be called by: {}.", roles.join(", ")).into();
    operation["x-satchel-roles"] = json!(roles);
    paths.insert(format!("/api/v1/rpc/{name}"), json!({ "post": operation }));
}

fn change(mutation: &MutationKind, schemas: &mut SchemaGenerator) -> Value {
    let args = Value::from((mutation.args_schema)(schemas));
    let output = Value::from((mutation.output_schema)(schemas));
    let errors = ALWAYS.iter().chain(mutation.errors).chain(&[ErrorCode::Conflict]);
    let mut operation = operation(mutation.name, mutation.summary, &args, None);
    operation["parameters"] = json!([
        { "$ref": "#/components/parameters/Organization" },
        { "$ref": "#/components/parameters/IdempotencyKey" },
    ]);
    operation["responses"] = responses::of(errors, "Done; a repeat with the same key gets the same answer.", &output);
    operation
}

fn ask(query: &QueryKind, schemas: &mut SchemaGenerator) -> Value {
    let args = Value::from((query.args_schema)(schemas));
    let output = Value::from((query.output_schema)(schemas));
    let errors = ALWAYS.iter().chain(&[ErrorCode::NotFound]);
    let mut operation = operation(query.name, query.summary, &args, Some((query.example)()));
    operation["parameters"] = json!([{ "$ref": "#/components/parameters/Organization" }]);
    operation["responses"] = responses::of(errors, "The answer.", &output);
    operation
}

/// What is the same for both. Examples that nobody gave are made once all schemas are known.
fn operation(name: &str, summary: &str, args: &Value, example: Option<Value>) -> Value {
    let mut content = json!({ "schema": args });
    if let Some(example) = example {
        content["examples"] = example::named(&example);
    }
    json!({
        "operationId": name.replace('/', "."),
        "tags": [resource(name)],
        "summary": summary,
        "requestBody": { "required": true, "content": { "application/json": content } },
    })
}
