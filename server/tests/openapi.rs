//! The API document: generated, complete, and sound.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::HashSet;

use satchel_domain::REGISTRY;
use satchel_server::openapi::document;
use serde_json::Value;

/// Every `$ref` below a value.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref") {
                found.push(target);
            }
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let item = item.as_object().unwrap();
            item.iter().map(move |(verb, operation)| (path.as_str(), verb.as_str(), operation))
        })
        .collect()
}

#[test]
fn every_mutation_is_in_it_with_arguments_and_output() {
    let document = document(&REGISTRY);
    assert!(!REGISTRY.mutations.is_empty());
    for mutation in REGISTRY.mutations {
        let operation = &document["paths"][format!("/api/v1/rpc/{}", mutation.name)]["post"];
        assert_eq!(operation["summary"], mutation.summary, "{}", mutation.name);
        for schema in [
            &operation["requestBody"]["content"]["application/json"]["schema"],
            &operation["responses"]["200"]["content"]["application/json"]["schema"],
        ] {
            assert!(schema.is_object(), "{}: {schema}", mutation.name);
        }
        let parameters = operation["parameters"].as_array().unwrap();
        assert_eq!(parameters.len(), 2, "organization and idempotency key");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document(&REGISTRY);
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 50);
    for target in found {
        let pointer = target.strip_prefix('#').unwrap_or_else(|| panic!("{target} leads out of the document"));
        assert!(document.pointer(pointer).is_some(), "{target}");
    }
}

#[test]
fn it_has_the_structure_openapi_asks_for() {
    let document = document(&REGISTRY);
    assert_eq!(document["openapi"], "3.1.0");
    for member in ["title", "version"] {
        assert!(document["info"][member].is_string(), "{member}");
    }
    let tags: HashSet<&str> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut ids = HashSet::new();
    for (path, verb, operation) in operations(&document) {
        assert!(path.starts_with('/') && !path.contains('{'), "{path}");
        assert!(["get", "post"].contains(&verb), "{path} {verb}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{path}: the same operationId twice");
        assert!(operation["summary"].as_str().is_some_and(|summary| summary.ends_with('.')), "{path}");
        for tag in operation["tags"].as_array().unwrap() {
            assert!(tags.contains(tag.as_str().unwrap()), "{path}: {tag}");
        }
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().all(|status| status.len() == 3), "{path}");
        assert!(responses.keys().any(|status| status < &"400".to_owned()), "{path}: no success");
        for (status, response) in responses {
            assert!(response["$ref"].is_string() || response["description"].is_string(), "{path} {status}");
        }
    }
    for path in ["/api/v1/auth/sign-in", "/api/v1/sync/push", "/api/v1/sync/pull", "/api/v1/sync/ws", "/readyz"] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
    for schema in ["ErrorEnvelope", "Session", "PushRequest", "PullRequest", "DeltaPage"] {
        assert!(document["components"]["schemas"][schema].is_object(), "{schema}");
    }
}

#[test]
fn it_is_the_same_every_time() {
    assert_eq!(document(&REGISTRY).to_string(), document(&REGISTRY).to_string());
}
