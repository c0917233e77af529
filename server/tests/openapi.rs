//! The API document: generated, complete, and sound.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::HashSet;

use satchel_domain::REGISTRY;
use satchel_server::{openapi, policy::Policy};
use serde_json::{Value, json};

fn document() -> Value {
    openapi::document(&REGISTRY, &Policy::load(&REGISTRY).unwrap())
}

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

/// Where a value breaks its schema, as far as this document uses JSON Schema. `./dev api-test` holds the document and its
/// examples against a whole validator; this finds the same on every run of the tests.
fn violations(value: &Value, schema: &Value, document: &Value, path: &str, found: &mut Vec<String>) {
    if let Some(target) = schema["$ref"].as_str() {
        return violations(value, document.pointer(target.trim_start_matches('#')).unwrap(), document, path, found);
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(options) = schema[choice].as_array() {
            let fits = |option: &Value| {
                let mut found = Vec::new();
                violations(value, option, document, path, &mut found);
                found.is_empty()
            };
            if !options.iter().any(fits) {
                found.push(format!("{path}: none of {choice}"));
            }
        }
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed = match &schema["type"] {
        Value::String(only) => vec![only.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![kind],
    };
    let fits = allowed.contains(&kind) || kind == "integer" && allowed.contains(&"number");
    if !fits {
        found.push(format!("{path}: {kind} is none of {allowed:?}"));
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
        && kind != "null"
    {
        found.push(format!("{path}: {value} is none of the values"));
    }
    match value {
        Value::Object(members) => {
            for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !members.contains_key(name) {
                    found.push(format!("{path}/{name}: missing"));
                }
            }
            for (name, member) in members {
                match schema["properties"].get(name) {
                    Some(inner) => violations(member, inner, document, &format!("{path}/{name}"), found),
                    None if schema["properties"].is_object() => found.push(format!("{path}/{name}: unknown")),
                    None => {}
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                violations(item, &schema["items"], document, &format!("{path}/{at}"), found);
            }
        }
        Value::String(text) => {
            let fits = match schema["format"].as_str() {
                Some("uuid") => text.parse::<uuid::Uuid>().is_ok(),
                Some("date-time") => text.parse::<jiff::Timestamp>().is_ok(),
                Some("date") => text.parse::<jiff::civil::Date>().is_ok(),
                _ => schema["maxLength"].as_u64().is_none_or(|most| text.chars().count() as u64 <= most),
            };
            if !fits {
                found.push(format!("{path}: {text} does not fit"));
            }
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            let above = schema["minimum"].as_f64().is_none_or(|least| number >= least);
            if !above || schema["maximum"].as_f64().is_some_and(|most| number > most) {
                found.push(format!("{path}: {number} is out of bounds"));
            }
        }
        _ => {}
    }
}

#[test]
fn every_procedure_is_in_it_with_arguments_output_and_examples_of_both() {
    let document = document();
    let mutations = REGISTRY.mutations.iter().map(|mutation| (mutation.name, mutation.summary, 2));
    let queries = REGISTRY.queries.iter().map(|query| (query.name, query.summary, 1));
    let mut seen = 0;
    for (name, summary, parameters) in mutations.chain(queries) {
        let operation = &document["paths"][format!("/api/v1/rpc/{name}")]["post"];
        assert_eq!(operation["summary"], summary, "{name}");
        for place in ["/requestBody", "/responses/200"] {
            let content = operation.pointer(&format!("{place}/content/application~1json")).unwrap();
            let mut wrong = Vec::new();
            violations(&content["examples"]["usual"]["value"], &content["schema"], &document, "", &mut wrong);
            assert!(wrong.is_empty(), "{name}{place}: {wrong:?} in {}", content["examples"]["usual"]["value"]);
        }
        assert_eq!(operation["parameters"].as_array().unwrap().len(), parameters, "{name}");
        for status in ["400", "401", "403", "413", "415", "500", "503"] {
            assert!(operation["responses"][status].is_object(), "{name} {status}");
        }
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn examples_are_arguments_that_the_server_takes() {
    let document = document();
    for mutation in REGISTRY.mutations {
        let path = format!("/paths/~1api~1v1~1rpc~1{}/post/requestBody", mutation.name.replace('/', "~1"));
        let example = &document.pointer(&path).unwrap()["content"]["application/json"]["examples"]["usual"]["value"];
        (mutation.decode)(&example.to_string())
            .map(drop)
            .unwrap_or_else(|error| panic!("{}: {error} in {example}", mutation.name));
        let declared = mutation.errors.iter().map(|code| code.http_status().to_string());
        let responses = &document.pointer(path.trim_end_matches("/requestBody")).unwrap()["responses"];
        for status in declared {
            assert!(responses[&status].is_object(), "{} {status}", mutation.name);
        }
    }
    for query in REGISTRY.queries {
        (query.arguments)(&(query.example)().to_string())
            .map(drop)
            .unwrap_or_else(|rejection| panic!("{}: {rejection:?}", query.name));
    }
}

#[test]
fn the_comparison_can_fail() {
    let document = document();
    let schema = json!({ "$ref": "#/components/schemas/GetJob" });
    let cases = [
        (json!({ "job_id": "0199f1c0-7a00-7000-8000-000000000001", "parts_max": 1 }), 0),
        (json!({ "job_id": "none", "parts_max": 0 }), 2),
        (json!({ "parts_max": "1", "more": 1 }), 3),
        (json!([]), 1),
    ];
    for (value, wanted) in cases {
        let mut found = Vec::new();
        violations(&value, &schema, &document, "", &mut found);
        assert_eq!(found.len(), wanted, "{value}: {found:?}");
    }
}

#[test]
fn decimals_are_text_and_enums_have_their_values() {
    let document = document();
    let add = &document["components"]["schemas"]["AddMaterial"]["properties"]["quantity"];
    assert_eq!(add["type"], "string", "{add}");
    assert!(add["pattern"].as_str().unwrap().starts_with(r"^-?\d"), "{add}");
    let priority = &document["components"]["schemas"]["JobPriority"]["enum"];
    assert_eq!(priority, &json!(["low", "normal", "high", "emergency"]));
    let limit = &document["components"]["schemas"]["ListJobs"]["properties"]["limit"];
    assert_eq!((&limit["minimum"], &limit["maximum"]), (&json!(1), &json!(200)));
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
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
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    for member in ["title", "version"] {
        assert!(document["info"][member].is_string(), "{member}");
    }
    let tags: HashSet<&str> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut ids = HashSet::new();
    for (path, verb, operation) in operations(&document) {
        assert!(path.starts_with('/'), "{path}");
        let in_path = operation["parameters"].as_array().into_iter().flatten().filter(|given| given["in"] == "path");
        assert_eq!(path.matches('{').count(), in_path.count(), "{path}: every part that varies is a parameter");
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
    for path in
        ["/api/docs", "/api/v1/auth/sign-in", "/api/v1/sync/push", "/api/v1/sync/pull", "/api/v1/sync/ws", "/readyz"]
    {
        assert!(document["paths"][path].is_object(), "{path}");
    }
    for schema in ["ErrorEnvelope", "Session", "PushRequest", "PullRequest", "DeltaPage"] {
        assert!(document["components"]["schemas"][schema].is_object(), "{schema}");
    }
}

#[test]
fn it_is_the_same_every_time() {
    assert_eq!(document().to_string(), document().to_string());
}

/// A schema behind its reference, and whether it is the text of a type that is bounded by what it can be read as.
fn bounded(schema: &Value) -> bool {
    let typed = ["uuid", "date", "date-time"].map(Value::from).contains(&schema["format"]);
    // Decimals and cents say how many digits they may have.
    let digits = schema["pattern"].as_str().is_some_and(|pattern| !pattern.contains(['*', '+']));
    typed || digits || schema["maxLength"].is_u64() || schema["enum"].is_array() || schema["const"].is_string()
}

/// Names every text below a schema that may be as long as it likes, and everything that may be anything.
fn unbounded(schema: &Value, document: &Value, place: &str, seen: &mut HashSet<String>, found: &mut Vec<String>) {
    if let Some(target) = schema["$ref"].as_str() {
        if seen.insert(target.to_owned()) {
            unbounded(document.pointer(target.trim_start_matches('#')).unwrap(), document, place, seen, found);
        }
        return;
    }
    let choices = ["anyOf", "oneOf", "allOf"].map(|choice| schema[choice].as_array());
    for option in choices.into_iter().flatten().flatten() {
        unbounded(option, document, place, seen, found);
    }
    let is = |kind: &str| {
        schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.contains(&kind.into()))
    };
    if is("string") && !bounded(schema) {
        found.push(place.to_owned());
    }
    let says_what_it_is =
        ["type", "anyOf", "oneOf", "allOf", "enum", "const"].iter().any(|word| schema.get(word).is_some());
    if !says_what_it_is {
        found.push(format!("{place} (anything)"));
    }
    if is("array") {
        unbounded(&schema["items"], document, &format!("{place}[]"), seen, found);
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        unbounded(member, document, &format!("{place}.{name}"), seen, found);
    }
}

/// The arguments of every procedure, with their example.
fn arguments(document: &Value) -> Vec<(&'static str, Value, Value)> {
    let arguments = |name: &'static str| {
        let path = format!("/paths/~1api~1v1~1rpc~1{}/post/requestBody", name.replace('/', "~1"));
        let content = &document.pointer(&path).unwrap()["content"]["application/json"];
        (name, content["schema"].clone(), content["examples"]["usual"]["value"].clone())
    };
    REGISTRY.procedures().map(arguments).collect()
}

#[test]
fn every_text_in_arguments_says_how_long_it_may_be() {
    let document = document();
    let mut found = Vec::new();
    for (name, schema, _) in arguments(&document) {
        unbounded(&schema, &document, name, &mut HashSet::new(), &mut found);
    }
    assert!(found.is_empty(), "give them #[schemars(length(max = ...))]: {found:#?}");
    let mut found = Vec::new();
    let careless = json!({ "type": "object", "properties": {
        "a": { "type": ["string", "null"] }, "b": { "type": "array", "items": { "type": "string", "pattern": "x+" } },
        "c": {}, "d": { "type": "string", "maxLength": 1 },
    } });
    unbounded(&careless, &document, "", &mut HashSet::new(), &mut found);
    assert_eq!(found, [".a", ".b[]", ".c (anything)"]);
}

/// Makes every text in turn as long as its schema says, and one longer.
fn lengthened(
    value: &Value,
    schema: &Value,
    document: &Value,
    whole: &dyn Fn(Value) -> Value,
    tried: &mut Vec<(Value, Value)>,
) {
    if let Some(target) = schema["$ref"].as_str() {
        let target = document.pointer(target.trim_start_matches('#')).unwrap();
        return lengthened(value, target, document, whole, tried);
    }
    for option in ["anyOf", "oneOf"].into_iter().filter_map(|choice| schema[choice].as_array()).flatten() {
        lengthened(value, option, document, whole, tried);
    }
    match value {
        Value::String(_) => {
            if let Some(most) = schema["maxLength"].as_u64() {
                let text = |chars: u64| whole("x".repeat(chars as usize).into());
                tried.push((text(most), text(most + 1)));
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let here = |new: Value| {
                    let mut changed = items.clone();
                    changed[at] = new;
                    whole(changed.into())
                };
                lengthened(item, &schema["items"], document, &here, tried);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let here = |new: Value| {
                    let mut changed = members.clone();
                    changed.insert(name.clone(), new);
                    whole(changed.into())
                };
                lengthened(member, &schema["properties"][name], document, &here, tried);
            }
        }
        _ => {}
    }
}

#[test]
fn what_the_document_says_of_texts_is_kept() {
    let document = document();
    let mut texts = 0;
    for (name, schema, example) in arguments(&document) {
        let bounds = REGISTRY.mutation(name).map(|mutation| (mutation.text_bounds)());
        let bounds = bounds.or_else(|| REGISTRY.query(name).map(|query| (query.text_bounds)())).unwrap();
        let mut tried = Vec::new();
        lengthened(&example, &schema, &document, &|whole| whole, &mut tried);
        for (fits, too_long) in tried {
            assert_eq!(bounds.exceeded(&fits.to_string()), None, "{name}");
            assert!(bounds.exceeded(&too_long.to_string()).is_some(), "{name} takes a text that is too long");
            texts += 1;
        }
    }
    assert!(texts > 100, "{texts}");
}
