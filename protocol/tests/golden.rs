//! Golden wire messages: every message has one spelling in `tests/golden/`, and changing one fails here until
//! [`PROTOCOL_VERSION`] is thought about and the lock renewed.
//!
//! `SATCHEL_RENEW_GOLDEN=1 cargo test -p satchel-protocol --test golden` writes the files anew.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use satchel_protocol::{
    Cell, ErrorBody, ErrorCode, ErrorEnvelope, PROTOCOL_VERSION, Permissions, Rejection,
    checksum::{Checksum, place_digest},
    context::ClientContext,
    wire::{
        ClientMessage, Cursor, DeltaPage, Heartbeat, Held, Outcome, PullRequest, PushRequest, PushResponse,
        PushedMutation, Resume, ServerMessage, Settlement, TableFill, TableRows, Verdict, Wipe, auth,
        stream::{About, StreamError},
    },
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::Uuid;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number)
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn renewing() -> bool {
    std::env::var_os("SATCHEL_RENEW_GOLDEN").is_some()
}

/// Compares a message with its golden file, and proves that the file still decodes to the same message.
fn golden<T: Serialize + DeserializeOwned>(name: &str, message: &T) {
    let spelled = serde_json::to_string_pretty(message).unwrap() + "\n";
    let path = folder().join(format!("{name}.json"));
    if renewing() {
        fs::write(&path, &spelled).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()));
    assert_eq!(stored, spelled, "the wire form of {name} changed");
    let decoded: T = serde_json::from_str(&stored).unwrap();
    assert_eq!(serde_json::to_string_pretty(&decoded).unwrap() + "\n", stored, "{name} does not survive a round trip");
}

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}

fn push() -> PushRequest {
    PushRequest {
        protocol: 1,
        device_id: id(1),
        mutations: vec![PushedMutation {
            seq: 7,
            key: id(2),
            name: "visit/v1/arrive".to_owned(),
            args: raw(r#"{"visit_id":"01900000-0000-7000-8000-000000000003"}"#),
            context: raw(r#"{"occurred_at":"2026-11-21T10:47:00Z","device_clock":"2026-11-21T10:46:58Z"}"#),
            retry_of: Some(id(4)),
        }],
    }
}

fn pull() -> PullRequest {
    let scopes = vec![id(10), id(11)];
    let checksum = Checksum { count: 2, sum: u64::MAX };
    PullRequest {
        protocol: 1,
        device_id: id(1),
        cursor: Some(Cursor("opaque".to_owned())),
        held: Held {
            digest: satchel_protocol::checksum::scopes_digest(scopes.iter().copied()),
            ids: Some(scopes.clone()),
        },
        resume: Some(Resume {
            token: "mark".to_owned(),
            fill: vec![TableFill { table: "job".to_owned(), scopes: scopes.clone(), ..TableFill::default() }],
            scopes,
        }),
        manifest: true,
        checksums: BTreeMap::from([("job".to_owned(), BTreeMap::from([(id(10), checksum)]))]),
        ranges: [("job".to_owned(), [(id(10), vec![Checksum { count: 1, sum: 7 }])].into())].into(),
        diverged: true,
        verdicts_through: 6,
        permissions: Some(permissions().digest),
    }
}

fn page() -> DeltaPage {
    DeltaPage {
        follows: Some(place_digest("earlier")),
        enter: vec![id(10)],
        leave: vec![id(12)],
        fill: vec![TableFill {
            table: "job".to_owned(),
            scopes: vec![id(10)],
            ranges: [(id(10), vec![0, 255])].into(),
        }],
        tables: vec![TableRows {
            table: "job".to_owned(),
            columns: vec!["id".to_owned(), "rev".to_owned(), "title".to_owned(), "urgent".to_owned()],
            rows: vec![vec![id(10).into(), "41".into(), "Leak".into(), Cell::Boolean(true)]],
            removed: vec![id(13)],
        }],
        resume: Some("mark".to_owned()),
        cursor: Some(Cursor("opaque".to_owned())),
        last_seq: Some(7),
        last_key: Some(id(2)),
        verdicts: verdicts(),
        settlements: vec![Settlement {
            key: id(8),
            decision: "repaired".to_owned(),
            outcome: Outcome::Accepted { output: serde_json::json!({"state": "completed"}) },
            note: Some("Entered on the other visit.".to_owned()),
        }],
        manifest: Some(BTreeMap::from([("job".to_owned(), Checksum { count: 1, sum: 41 })])),
        rows_total: Some(28_000),
        permissions: Some(permissions()),
        wipe: Some(Wipe::AfterUpload),
    }
}

fn permissions() -> Permissions {
    let may_not = ("visit/v1/dispatch".to_owned(), vec!["owner".to_owned(), "dispatcher".to_owned()]);
    Permissions::new(vec!["technician".to_owned()], ["visit/v1/arrive".to_owned()].into(), [may_not].into())
}

fn verdicts() -> Vec<Verdict> {
    let verdict = |seq, outcome| Verdict { key: id(u128::from(seq)), seq, outcome };
    vec![
        verdict(7, Outcome::Accepted { output: serde_json::json!({"state": "on_site"}) }),
        verdict(8, Outcome::Rejected(Rejection::conflict("visit.closed", "This visit was called off."))),
        verdict(9, Outcome::Quarantined { trace_id: "4bf92f".to_owned() }),
        verdict(10, Outcome::Expired),
    ]
}

fn error() -> ErrorBody {
    ErrorBody {
        code: ErrorCode::SequenceGap,
        message: "The server expects 7 next.".to_owned(),
        trace_id: "4bf92f".to_owned(),
        details: serde_json::json!({"expected_seq": 7, "retry": "never"}),
    }
}

#[test]
fn every_message_has_its_golden_spelling_and_a_change_needs_a_renewed_lock() {
    golden("push_request", &push());
    golden("push_response", &PushResponse { verdicts: verdicts(), last_seq: 10 });
    golden("pull_request", &pull());
    golden("delta_page", &page());
    golden("error", &ErrorEnvelope { error: error() });
    golden("client_push", &ClientMessage::Push(push()));
    golden("client_pull", &ClientMessage::Pull(Box::new(pull())));
    golden("server_delta", &ServerMessage::Delta(Box::new(page())));
    golden("server_heartbeat", &ServerMessage::Heartbeat(Heartbeat { server_time_ms: 1, token_expires_in_s: 900 }));
    golden("server_error", &ServerMessage::Error(StreamError { about: About::Pull, error: error() }));
    golden(
        "client_context",
        &ClientContext {
            occurred_at: "2026-11-21T10:47:00Z".parse().unwrap(),
            device_clock: "2026-11-21T10:46:58Z".parse().unwrap(),
            monotonic_ms: Some(120_000),
            clock_trusted: true,
            boot_id: Some(id(30)),
            server_offset_ms: Some(2_000),
            uncertainty_ms: Some(85),
        },
    );
    golden(
        "session",
        &auth::Session {
            access_token: "access".to_owned(),
            access_expires_in_s: 900,
            refresh_token: "refresh".to_owned(),
            user_id: id(20),
            memberships: vec![auth::Membership {
                org_id: id(21),
                org_name: "Bay Mechanical".to_owned(),
                roles: vec!["technician".to_owned()],
                technician_id: Some(id(22)),
            }],
        },
    );
    accounts();
    check_lock();
}

fn accounts() {
    let at = |text: &str| text.parse().unwrap();
    let (long_ago, lately) = (at("2026-11-02T08:00:00Z"), at("2026-11-21T10:47:00.123456Z"));
    golden("sign_in", &auth::SignIn { email: "ada@example.com".to_owned(), password: "secret".to_owned() });
    golden("refresh", &auth::Refresh { refresh_token: "refresh".to_owned() });
    golden("exchange", &auth::Exchange { token: "id token".to_owned() });
    golden(
        "change_password",
        &auth::ChangePassword { current_password: "secret".to_owned(), new_password: "a better one".to_owned() },
    );
    golden(
        "devices",
        &auth::Devices {
            devices: vec![auth::Device {
                id: id(1),
                user_id: id(20),
                user_name: "Ada".to_owned(),
                platform: Some("android 15".to_owned()),
                app_version: Some("2.4.1".to_owned()),
                last_seq: 7,
                created_at: long_ago,
                last_seen_at: lately,
                session_id: None,
                revoked_at: Some(lately),
                wipe_asked_at: Some(long_ago),
                wiped_at: Some(lately),
            }],
            next: Some(id(1)),
        },
    );
    golden("wipe_policy", &auth::WipePolicy { wipe: Wipe::AtOnce });
    golden(
        "sessions",
        &auth::Sessions {
            sessions: vec![auth::OpenSession {
                id: id(30),
                current: true,
                created_at: long_ago,
                last_used_at: lately,
                expires_at: lately,
                device_ids: vec![id(1)],
            }],
        },
    );
    let create = auth::CreateApiKey {
        name: "Phone assistant".to_owned(),
        role: "delegated_agent".to_owned(),
        expires_in_days: 365,
    };
    golden("create_api_key", &create);
    assert_eq!(serde_json::from_str::<auth::CreateApiKey>(r#"{"name":"Phone assistant"}"#).unwrap(), create);
    golden("created_api_key", &auth::CreatedApiKey { id: id(40), secret: "sk_...".to_owned() });
    golden(
        "api_keys",
        &auth::ApiKeys {
            api_keys: vec![auth::ApiKey {
                id: id(40),
                user_id: id(41),
                name: "Phone assistant".to_owned(),
                role: "delegated_agent".to_owned(),
                created_at: long_ago,
                created_by: id(20),
                expires_at: lately,
                last_used_at: Some(lately),
                revoked_at: None,
            }],
            next: None,
        },
    );
}

/// Fails when a golden file changed without the lock.
fn check_lock() {
    let mut files: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(fs::read(file).unwrap());
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let line = format!("version {PROTOCOL_VERSION} {digest}\n");
    let path = folder().join("LOCK");
    if renewing() {
        fs::write(&path, &line).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        line,
        "a wire message changed: if an older peer would misread it, raise PROTOCOL_VERSION; then renew the lock"
    );
}

#[test]
fn unknown_messages_and_fields_are_tolerated() {
    assert!(matches!(ClientMessage::decode(r#"{"dance":{"steps":3}}"#), Ok(ClientMessage::Unknown)));
    assert!(matches!(ServerMessage::decode(r#"{"dance":{"steps":3}}"#), Ok(ServerMessage::Unknown)));
    let heartbeat = r#"{"heartbeat":{"server_time_ms":5,"mood":"fine"}}"#;
    assert!(matches!(ServerMessage::decode(heartbeat), Ok(ServerMessage::Heartbeat(h)) if h.server_time_ms == 5));
    let code: ErrorCode = serde_json::from_str(r#""TEAPOT""#).unwrap();
    assert_eq!(code, ErrorCode::Unknown);
}

#[test]
fn malformed_messages_are_refused_without_quoting_them() {
    for text in ["", "[]", "{}", "nonsense secret", r#"{"push":{},"pull":{}}"#, r#"{"push":{"mutations":"secret"}}"#] {
        let error = ClientMessage::decode(text).unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn a_mutations_bytes_survive_untouched() {
    let args = r#"{ "b" : 1.50,   "a":"\u00e9" }"#;
    let text = serde_json::to_string(&ClientMessage::Push(PushRequest {
        protocol: 1,
        device_id: id(1),
        mutations: vec![PushedMutation { args: raw(args), ..push().mutations.remove(0) }],
    }))
    .unwrap();
    let ClientMessage::Push(decoded) = ClientMessage::decode(&text).unwrap() else { panic!("not a push") };
    assert_eq!(decoded.mutations[0].args.get(), args);
}
