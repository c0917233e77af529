//! Mutations as phones of every build have queued them: each still decodes, and is still the same mutation.
//!
//! Invariants: a line of the corpus is never changed once landed, for it may wait on a phone; every mutation has one.
//! `SATCHEL_BLESS=1` adds a line for a mutation that has none, out of the API document's example.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use satchel_domain::REGISTRY;
use satchel_protocol::{context::ClientContext, mutation::content_hash};
use satchel_server::{openapi, policy::Policy};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

/// When and by which clock the examples were entered.
const CONTEXT: &str = r#"{"occurred_at":"2026-03-01T08:00:00Z","device_clock":"2026-03-01T08:00:01Z","monotonic_ms":5000,"clock_trusted":true}"#;

/// A line of the corpus; arguments and context are the bytes that were hashed.
#[derive(Serialize, Deserialize)]
struct Payload {
    name: String,
    args: Box<RawValue>,
    context: Box<RawValue>,
    sha256: String,
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/payloads/mutations.jsonl")
}

fn recorded() -> Vec<Payload> {
    let text = fs::read_to_string(corpus()).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).unwrap()
}

fn hash(name: &str, args: &RawValue, context: &RawValue) -> String {
    content_hash(name, args, context).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Adds what is missing.
fn bless(missing: &[&str]) {
    let document = openapi::document(&REGISTRY, &Policy::load(&REGISTRY).unwrap());
    fs::create_dir_all(corpus().parent().unwrap()).unwrap();
    let mut file = File::options().create(true).append(true).open(corpus()).unwrap();
    for name in missing {
        let body = &document["paths"][format!("/api/v1/rpc/{name}")]["post"]["requestBody"]["content"];
        let example = &body["application/json"]["examples"]["usual"]["value"];
        assert_ne!(*example, Value::Null, "{name} has no example");
        let (args, context) = (raw(&example.to_string()), raw(CONTEXT));
        let sha256 = hash(name, &args, &context);
        let payload = Payload { name: (*name).to_owned(), args, context, sha256 };
        writeln!(file, "{}", serde_json::to_string(&payload).unwrap()).unwrap();
    }
}

#[test]
fn every_mutation_has_a_recorded_payload() {
    let names: BTreeSet<String> = recorded().into_iter().map(|payload| payload.name).collect();
    let registered = REGISTRY.mutations.iter().map(|mutation| mutation.name);
    let missing: Vec<&str> = registered.filter(|name| !names.contains(*name)).collect();
    if std::env::var_os("SATCHEL_BLESS").is_some() {
        return bless(&missing);
    }
    assert!(missing.is_empty(), "no payload is recorded of {missing:?}: run this test with SATCHEL_BLESS=1");
}

#[test]
fn every_payload_ever_queued_still_decodes_and_hashes_the_same() {
    let recorded = recorded();
    assert!(recorded.len() >= REGISTRY.mutations.len());
    for payload in &recorded {
        let name = payload.name.as_str();
        let kind = REGISTRY.mutation(name).unwrap_or_else(|| panic!("{name} waits on phones and is known no more"));
        let mutation = (kind.decode)(payload.args.get()).unwrap_or_else(|error| panic!("{name}: {error}"));
        // Decoding a queued one must not make it another: it names rows to lock, or none, without reading any.
        let _ = mutation.roots();
        serde_json::from_str::<ClientContext>(payload.context.get()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(hash(name, &payload.args, &payload.context), payload.sha256, "{name}");
    }
}
