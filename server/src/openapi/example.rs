//! Examples, made from schemas: the same for the same schema, and valid under it.

use serde_json::{Map, Value, json};

/// Where schemas refer to each other.
pub(super) const DEFINITIONS: &str = "#/components/schemas/";
/// Below this depth, members that may be left out are.
const FULL_DEPTH: usize = 4;
/// No example goes deeper; a schema that contains itself ends here.
const DEPTH_MAX: usize = 12;

/// What people enter, by the last words of a member's name.
const TEXTS: &[(&str, &str)] = &[
    ("title", "No heat upstairs"),
    ("description", "Furnace starts, then stops after a minute. Please ring at the side door."),
    ("access_notes", "Key box at the side door."),
    ("number", "J-1042"),
    ("email", "ann@example.com"),
    ("password", "correct horse battery staple"),
    ("phone", "+1 312 555 0142"),
    ("customer_name", "Ann Smith"),
    ("branch_name", "Chicago"),
    ("name", "Ann Smith"),
    ("address", "12 Elm Street, Chicago"),
    ("zone", "America/Chicago"),
    ("reason", "The customer is not at home."),
    ("outcome", "Replaced the flame sensor."),
    ("text", "Bring a flame sensor."),
    ("value", "yes"),
    ("unit", "each"),
    ("code", "FS-200"),
    ("currency", "USD"),
    ("model", "XR80"),
    ("serial", "4412-9"),
    ("prompt", "Is the filter clean?"),
    ("table", "visit"),
    ("change", "update"),
];

/// The examples of a body, of which there is one.
pub(super) fn named(example: &Value) -> Value {
    json!({ "usual": { "value": example } })
}

/// An example of what a schema describes; `name` is what the value is called.
pub(super) fn example(schema: &Value, definitions: &Map<String, Value>, name: &str) -> Value {
    build(schema, definitions, name, 0)
}

fn build(schema: &Value, definitions: &Map<String, Value>, name: &str, depth: usize) -> Value {
    if depth > DEPTH_MAX {
        return Value::Null;
    }
    if let Some(given) = schema.get("examples").and_then(|given| given.get(0)).or_else(|| schema.get("const")) {
        return given.clone();
    }
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let target = target.strip_prefix(DEFINITIONS).and_then(|target| definitions.get(target));
        return target.map_or(Value::Null, |target| build(target, definitions, name, depth + 1));
    }
    if let Some(first) = schema.get("enum").and_then(|values| values.get(0)) {
        return first.clone();
    }
    for choice in ["anyOf", "oneOf", "allOf"] {
        let options = schema.get(choice).and_then(Value::as_array);
        if let Some(option) =
            options.and_then(|all| all.iter().find(|option| option.get("type") != Some(&json!("null"))))
        {
            let chosen = build(option, definitions, name, depth + 1);
            return merge(chosen, members(schema, definitions, depth));
        }
    }
    match kind(schema) {
        "object" => Value::Object(members(schema, definitions, depth)),
        "array" => {
            let item = schema.get("items").map(|items| build(items, definitions, singular(name), depth + 1));
            let length = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).clamp(1, 64);
            json!((0..length).filter_map(|_| item.clone()).collect::<Vec<_>>())
        }
        "string" => text(schema, name).into(),
        "integer" | "number" => {
            let usual = schema.get("default").and_then(Value::as_i64);
            let least = schema.get("minimum").and_then(Value::as_i64).unwrap_or(1);
            usual.unwrap_or(least.max(1)).into()
        }
        "boolean" => schema.get("default").cloned().unwrap_or(false.into()),
        _ => Value::Null,
    }
}

fn members(schema: &Value, definitions: &Map<String, Value>, depth: usize) -> Map<String, Value> {
    let required = |name: &str| {
        schema.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|known| known == name))
    };
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties
        // A first page has no page before it.
        .filter(|(name, _)| required(name) || (depth <= FULL_DEPTH && *name != "after"))
        .map(|(name, property)| (name.clone(), build(property, definitions, name, depth + 1)))
        .collect()
}

fn merge(chosen: Value, more: Map<String, Value>) -> Value {
    match chosen {
        Value::Object(mut chosen) => {
            chosen.extend(more);
            Value::Object(chosen)
        }
        chosen => chosen,
    }
}

/// The first type that is not null.
fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null")
        }
        _ if schema.get("properties").is_some() => "object",
        _ => "null",
    }
}

fn singular(name: &str) -> &str {
    name.strip_suffix('s').unwrap_or(name)
}

fn text(schema: &Value, name: &str) -> String {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let pattern = schema.get("pattern").and_then(Value::as_str).unwrap_or_default();
    let plain = TEXTS.iter().find(|(ending, _)| name == *ending || name.ends_with(&format!("_{ending}")));
    let text = match format {
        "uuid" => return uuid(name),
        "date-time" if ["_end", "until", "ended_at", "expires_at"].iter().any(|ending| name.ends_with(ending)) => {
            return "2026-11-23T17:00:00.000000Z".to_owned();
        }
        "date-time" => return "2026-11-23T15:00:00.000000Z".to_owned(),
        "date" => return "2026-11-23".to_owned(),
        _ if name.ends_with("_cents") || name == "amount" => "12500".to_owned(),
        _ if name == "rev" || name.ends_with("_id") => "1".to_owned(),
        _ if pattern.contains(r"\d") => "1.5".to_owned(),
        _ if pattern.contains("[0-9a-f]") => "00".to_owned(),
        _ => plain.map_or("text", |(_, text)| text).to_owned(),
    };
    match schema.get("maxLength").and_then(Value::as_u64) {
        Some(most) => text.chars().take(usize::try_from(most).unwrap_or(usize::MAX)).collect(),
        None => text,
    }
}

/// A UUIDv7 that is the same for the same name, so that what belongs together in an example does.
fn uuid(name: &str) -> String {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("0199f1c0-7a00-7000-8000-{:012x}", hash & 0xffff_ffff_ffff)
}
