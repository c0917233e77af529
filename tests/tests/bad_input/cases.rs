//! Bad arguments, made from a JSON Schema: each is a good set of arguments with one thing wrong.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Bytes of a body that no server should read.
const HUGE_BYTES: usize = 10 * 1024 * 1024;
/// Bytes of a text that is too long for any field, and not for a procedure's arguments.
const LONG_BYTES: usize = 100 * 1024;
/// One in so many wrong values is tried on a member.
const THIRD: usize = 3;
/// Values nested deeper than this are left as they are.
const DEPTH_MAX: usize = 4;

/// An id of each table: the caller's own, and one of another tenant.
pub struct Ids(pub BTreeMap<String, (Uuid, Uuid)>);

/// One call.
pub struct Case {
    /// What is wrong with it.
    pub what: String,
    /// What is sent.
    pub body: Vec<u8>,
    /// Whether the server may cut it off.
    pub oversized: bool,
}

impl Case {
    fn of(what: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self { what: what.into(), body: body.into(), oversized: false }
    }
}

impl Ids {
    /// The table that a member `x_id` most likely names.
    fn of(&self, member: &str) -> Option<(Uuid, Uuid)> {
        let stem = member.strip_suffix("_ids").or_else(|| member.strip_suffix("_id"))?;
        let exact = self.0.get(stem);
        let ending = || self.0.iter().find(|(table, _)| table.ends_with(&format!("_{stem}"))).map(|(_, pair)| pair);
        let within = || self.0.iter().find(|(table, _)| table.starts_with(stem)).map(|(_, pair)| pair);
        exact.or_else(ending).or_else(within).copied()
    }
}

/// Good arguments first, then all that is wrong.
pub fn cases(schema: &Value, document: &Value, example: &Value, ids: &Ids) -> Vec<Case> {
    let mut good = example.clone();
    fill(&mut good, schema, document, "", ids);
    let mut cases = vec![
        Case::of("nothing wrong", good.to_string()),
        Case::of("nothing wrong, with ids nobody has", example.to_string()),
        Case::of("an unknown member", with(&good, &["no_such_member"], json!("?")).to_string()),
        Case::of("a member twice", good.to_string().replacen('{', "{\"job_id\":1,\"job_id\":\"x\",", 1)),
        Case::of("a body cut short", good.to_string().trim_end_matches('}').to_owned()),
        Case::of("no UTF-8", vec![b'{', b'"', 0xff, 0xc0, b'"', b':', b'1', b'}']),
        Case::of("half a surrogate", good.to_string().replacen('{', "{\"title\":\"\\ud83d\",", 1)),
        Case::of("deep nesting", format!("{{\"x\":{}", "[".repeat(20_000))),
        Case {
            oversized: true,
            ..Case::of("10 MB", with(&good, &["description"], "x".repeat(HUGE_BYTES).into()).to_string())
        },
    ];
    for whole in [json!(null), json!([]), json!({}), json!("text"), json!(1), json!(true), json!([good.clone()])] {
        cases.push(Case::of("another kind of body", whole.to_string()));
    }
    let mut places = Vec::new();
    walk(&good, schema, document, &mut Vec::new(), &mut places);
    for (path, schema) in places {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let place = path.join(".");
        cases.push(Case::of(format!("{place} left out"), without(&good, &names).to_string()));
        let member = names.last().copied().unwrap_or_default();
        // Every third, another third for the next member: there are hundreds of members, and each kind of value meets
        // dozens of them.
        for value in wrong(&schema, member, ids).into_iter().skip(cases.len() % THIRD).step_by(THIRD) {
            let shown: String = value.to_string().chars().take(40).collect();
            cases.push(Case::of(format!("{place} is {shown}"), with(&good, &names, value).to_string()));
        }
    }
    cases
}

/// Puts ids that exist where the example has made-up ones, and fresh ones where the caller makes them.
fn fill(value: &mut Value, schema: &Value, document: &Value, member: &str, ids: &Ids) {
    let schema = resolved(schema, document);
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                if let Some(schema) = schema["properties"].get(name) {
                    fill(value, schema, document, name, ids);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, &schema["items"], document, member, ids)),
        Value::String(_) if schema["format"] == "uuid" => {
            let made_here = schema["description"].as_str().is_some_and(|words| words.contains("made by the caller"));
            let id = if made_here { None } else { ids.of(member).map(|(own, _)| own) };
            *value = json!(id.unwrap_or_else(Uuid::now_v7));
        }
        _ => {}
    }
}

/// Every member's path and schema.
fn walk(
    value: &Value,
    schema: &Value,
    document: &Value,
    path: &mut Vec<String>,
    places: &mut Vec<(Vec<String>, Value)>,
) {
    let schema = resolved(schema, document);
    if path.len() > DEPTH_MAX {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let Some(inner) = schema["properties"].get(name) else { continue };
                path.push(name.clone());
                places.push((path.clone(), resolved(inner, document)));
                walk(value, inner, document, path, places);
                path.pop();
            }
        }
        Value::Array(items) => {
            if let Some(first) = items.first() {
                path.push("0".to_owned());
                places.push((path.clone(), resolved(&schema["items"], document)));
                walk(first, &schema["items"], document, path, places);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Follows references, and the one choice that is not null; a description beside them stays.
fn resolved(schema: &Value, document: &Value) -> Value {
    if let Some(target) = schema["$ref"].as_str() {
        let mut found = resolved(document.pointer(target.trim_start_matches('#')).unwrap(), document);
        if let Some(words) = schema.get("description") {
            found["description"] = words.clone();
        }
        return found;
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(options) = schema[choice].as_array() {
            let option = options.iter().find(|option| option["type"] != "null");
            return option.map_or(Value::Null, |option| resolved(option, document));
        }
    }
    schema.clone()
}

fn wrong(schema: &Value, member: &str, ids: &Ids) -> Vec<Value> {
    let is = |kind: &str| match &schema["type"] {
        Value::String(only) => only == kind,
        Value::Array(kinds) => kinds.iter().any(|known| known == kind),
        _ => false,
    };
    let mut values = vec![json!(null), json!({ "a": [1] })];
    let format = schema["format"].as_str().unwrap_or_default();
    if is("string") {
        values.extend([json!(42), json!(["x"]), json!("")]);
        match format {
            "uuid" => {
                values.extend([json!("no-uuid"), json!(Uuid::nil()), json!(Uuid::max()), json!(Uuid::now_v7())]);
                values.extend(ids.of(member).map(|(_, foreign)| json!(foreign)));
            }
            "date-time" => values.extend(
                [
                    "1970-01-01T00:00:00Z",
                    "2400-01-01T00:00:00Z",
                    "9999-12-30T22:00:00Z",
                    "-009999-01-02T00:00:00Z",
                    "2026-02-30T00:00:00Z",
                    "2026-01-01T00:00:00.123456789Z",
                    "2026-01-01",
                    "yesterday",
                ]
                .map(Value::from),
            ),
            "date" => values.extend(
                ["1970-01-01", "2400-01-01", "9999-12-31", "-009999-01-01", "2026-02-30", "today"].map(Value::from),
            ),
            _ if schema["enum"].is_array() => values.extend(["no_such_value", "DRAFT", "\0"].map(Value::from)),
            _ => {
                values.push("x".repeat(LONG_BYTES).into());
                values.extend(
                    [
                        " ",
                        "a\0b",
                        "🔥👩🏽‍🔧",
                        "\u{202e}مرحبا\u{202c}",
                        "\u{feff}\u{200b}",
                        "'; drop table job; --",
                        "-1",
                        "0",
                        "1.5",
                        "1e30",
                        "NaN",
                        "0.00000000000000000001",
                        "9223372036854775807",
                        "-9223372036854775808",
                        "99999999999999999999999999999999999999",
                    ]
                    .map(Value::from),
                );
            }
        }
    }
    if is("integer") || is("number") {
        values.extend([
            json!(-1),
            json!(0),
            json!(1.5),
            json!(i32::MAX),
            json!(i64::MAX),
            json!(i64::MIN),
            json!(1e300),
            json!("1"),
        ]);
    }
    if is("boolean") {
        values.extend([json!("true"), json!(1)]);
    }
    if is("array") {
        let many = vec![json!(Uuid::now_v7()); 3_000];
        values.extend([json!([]), json!([null]), json!("x"), json!(many)]);
    }
    if is("object") {
        values.extend([json!({}), json!("x"), json!([])]);
    }
    values
}

fn with(value: &Value, path: &[&str], new: Value) -> Value {
    let mut changed = value.clone();
    if let [parents @ .., last] = path
        && let Some(parent) = parents.iter().try_fold(&mut changed, |place, name| child(place, name))
    {
        match parent {
            Value::Object(members) => {
                members.insert((*last).to_owned(), new);
            }
            Value::Array(items) => {
                if let Some(item) = last.parse().ok().and_then(|at: usize| items.get_mut(at)) {
                    *item = new;
                }
            }
            _ => {}
        }
    }
    changed
}

fn without(value: &Value, path: &[&str]) -> Value {
    let mut changed = value.clone();
    if let [parents @ .., last] = path
        && let Some(parent) = parents.iter().try_fold(&mut changed, |place, name| child(place, name))
    {
        match parent {
            Value::Object(members) => drop::<Option<Value>>(Map::remove(members, *last)),
            Value::Array(items) => items.clear(),
            _ => {}
        }
    }
    changed
}

fn child<'v>(value: &'v mut Value, name: &str) -> Option<&'v mut Value> {
    match value {
        Value::Object(members) => members.get_mut(name),
        Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
        _ => None,
    }
}
