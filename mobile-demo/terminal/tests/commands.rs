//! The phone behind JSON lines, as a process: bad input without a server, and a day against a real one.

mod commanded;

use commanded::{Phone, program};
use satchel_domain::{REGISTRY, tables::VisitState};
use satchel_server::{
    auth::password::Cost,
    database::{Database, PoolLimits},
    seed::{SeedOptions, Seeded, seed, today},
};
use satchel_terminal::commands::COMMAND_BYTES;
use satchel_tests::{
    database,
    postgres::TestDatabase,
    server::{TestServer, unhurried},
};
use serde_json::{Value, json};
use tempfile::tempdir;

/// An address where nobody listens.
const NOBODY: &str = "http://127.0.0.1:9";

#[tokio::test]
async fn bad_commands_are_answered_and_the_phone_goes_on() {
    let folder = tempdir().unwrap();
    let mut phone = Phone::start(folder.path(), NOBODY, &[]);
    for line in [&b"nonsense"[..], b"{}", b"[1]", b"{\"do\":\"fly\"}", b"\xff\xfe", b"{\"do\":\"undo\",\"key\":\"no\"}"]
    {
        assert_eq!(phone.line(line).await["error"]["code"], "BAD_COMMAND", "{}", String::from_utf8_lossy(line));
    }
    let long = vec![b'x'; COMMAND_BYTES + 1];
    assert_eq!(phone.line(&long).await["error"]["code"], "BAD_COMMAND");
    assert_eq!(phone.fail(json!({ "do": "mutate", "name": "visit/v9/fly", "args": {} })).await, "UNKNOWN_MUTATION");
    assert_eq!(phone.fail(json!({ "do": "mutate", "name": "visit/v1/arrive", "args": 7 })).await, "BAD_ARGUMENTS");
    assert_eq!(phone.fail(json!({ "do": "rows", "table": "robots" })).await, "UNKNOWN_TABLE");
    let id = uuid::Uuid::now_v7();
    let wish = json!({ "do": "wait_row", "table": "visit", "id": id, "column": "mood" });
    assert_eq!(phone.fail(wish).await, "UNKNOWN_COLUMN");
    for command in [
        json!({ "do": "rows", "table": "visit" }),
        json!({ "do": "queue" }),
        json!({ "do": "network", "up": false }),
        json!({ "do": "retry", "key": id }),
        json!({ "do": "edit_note", "note_id": id, "text": "" }),
        json!({ "do": "wait", "for": "synced" }),
    ] {
        assert_eq!(phone.fail(command).await, "NOT_SIGNED_IN");
    }
    assert_eq!(phone.fail(json!({ "do": "sign_in", "email": "a@b.c", "password": "d" })).await, "SIGN_IN");
    assert_eq!(phone.fail(json!({ "do": "wait", "for": "online", "timeout_ms": 1 })).await, "TIMEOUT");
    assert_eq!(phone.ask(json!({ "do": "status" })).await["status"]["connection"], "needs_sign_in");
    assert_eq!(phone.quit().await, Some(0));
}

#[tokio::test]
async fn exit_codes_and_reasons_are_clear() {
    let folder = tempdir().unwrap();
    let outcome = program(folder.path(), NOBODY).stdin(std::process::Stdio::null()).output().await.unwrap();
    assert_eq!(outcome.status.code(), Some(0), "the end of the input is a quit");
    let outcome = program(folder.path(), "gopher://old").output().await.unwrap();
    assert_eq!(outcome.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&outcome.stderr).contains("is not an address of a server"));
    let outcome = program(folder.path(), NOBODY).arg("--fly").output().await.unwrap();
    assert_eq!(outcome.status.code(), Some(2));
    let file = folder.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let outcome = program(&file, NOBODY).output().await.unwrap();
    assert_eq!(outcome.status.code(), Some(1));
}

/// A seeded contractor behind a server.
struct Town {
    _postgres: TestDatabase,
    seeded: Seeded,
    server: TestServer,
}

impl Town {
    async fn new() -> Self {
        let postgres = database::fresh().await;
        let options = SeedOptions {
            technicians: 1,
            jobs_per_technician: 4,
            pricebook_items: 20,
            password_cost: Cost::Minimal,
            ..SeedOptions::small(today())
        };
        let seeded = seed(&postgres.options(), &options).await.expect("a seeded contractor");
        let service = database::as_service(&postgres);
        let database = Database::connect(service, PoolLimits::default()).await.expect("a database");
        let server = TestServer::start(&database, &REGISTRY, unhurried()).await;
        Self { _postgres: postgres, seeded, server }
    }

    fn sign_in(&self) -> Value {
        let user = self.seeded.organizations[0].user("technician").expect("a technician");
        json!({ "do": "sign_in", "email": user.email, "password": user.password,
                "org_id": self.seeded.organizations[0].org_id })
    }
}

/// A dispatched visit that this phone holds, as the arguments of a step.
async fn dispatched_visit(phone: &mut Phone) -> Value {
    let answer = phone.ask(json!({ "do": "rows", "table": "visit" })).await;
    let columns: Vec<&str> = answer["columns"].as_array().expect("columns").iter().filter_map(Value::as_str).collect();
    let at = |name: &str| columns.iter().position(|column| *column == name).expect("a column");
    let rows = answer["rows"].as_array().expect("rows");
    let dispatched = VisitState::Dispatched.to_string();
    let row = rows.iter().find(|row| row[at("state")] == json!(dispatched)).expect("a dispatched visit");
    json!({ "visit_id": row[at("id")], "job_id": row[at("job_id")] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_phone_returns_without_a_password_and_everything_arrives() {
    let town = Town::new().await;
    let folder = tempdir().unwrap();
    let mut phone = Phone::start(folder.path(), &town.server.url(), &[]);
    let signed_in = phone.ask(town.sign_in()).await;
    assert_eq!(signed_in["signed_in"]["roles"], json!(["technician"]));
    assert_eq!(phone.wait("ready").await["status"]["readiness"]["state"], "ready");
    let at = dispatched_visit(&mut phone).await;

    phone.ask(json!({ "do": "network", "up": false })).await;
    phone.wait("offline").await;
    phone.mutate("visit/v1/accept", at.clone()).await;
    phone.mutate("visit/v1/travel", at.clone()).await;
    phone.mutate("visit/v1/arrive", at.clone()).await;
    let complete = phone.ask(json!({ "do": "mutate", "name": "visit/v1/complete", "args": at })).await;
    assert_eq!(complete["refused"]["reason"], "visit.items_open", "the phone says no at once");
    let note_id = uuid::Uuid::now_v7();
    let note = json!({ "job_id": at["job_id"], "note_id": note_id, "title": "Access" });
    phone.mutate("note/v1/create", note).await;
    let edit = json!({ "do": "edit_note", "note_id": note_id, "text": "Gate code 4411." });
    phone.ask(edit.clone()).await;
    assert_eq!(phone.ask(edit).await["unchanged"], true);
    phone.kill().await;

    let mut phone = Phone::start(folder.path(), &town.server.url(), &["--offline"]);
    let queue = phone.ask(json!({ "do": "queue" })).await;
    assert_eq!(queue["queue"].as_array().unwrap().len(), 5, "{queue}");
    let here =
        json!({ "do": "wait_row", "table": "visit", "id": at["visit_id"], "column": "state", "equals": "on_site" });
    phone.ask(here.clone()).await;
    let again = program(folder.path(), &town.server.url()).output().await.unwrap();
    assert_eq!(again.status.code(), Some(1), "one process at a time");
    assert!(String::from_utf8_lossy(&again.stderr).contains("already open"));
    phone.ask(json!({ "do": "network", "up": true })).await;
    let synced = phone.wait("synced").await;
    assert_eq!(synced["status"]["queue"]["rejected"], 0, "{synced}");
    assert_eq!(phone.ask(json!({ "do": "verify" })).await["sound"], true);

    let elsewhere = tempdir().unwrap();
    let mut other = Phone::start(elsewhere.path(), &town.server.url(), &[]);
    other.ask(town.sign_in()).await;
    other.wait("ready").await;
    other.ask(here).await;
    let text =
        json!({ "do": "wait_row", "table": "note", "id": note_id, "column": "text", "equals": "Gate code 4411." });
    other.ask(text).await;
    let scopes = |answer: Value| answer["scopes"].as_array().unwrap().len();
    let (ours, theirs) =
        (phone.ask(json!({ "do": "held_scopes" })).await, other.ask(json!({ "do": "held_scopes" })).await);
    assert!(scopes(ours.clone()) > 2 && scopes(ours) == scopes(theirs));
    assert_eq!((phone.quit().await, other.quit().await), (Some(0), Some(0)));
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &std::fs::metadata(folder.path().join("session.json")).unwrap().permissions(),
        );
        assert_eq!(mode & 0o777, 0o600);
    }
    town.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_explained_retried_and_given_up_and_notes_merge() {
    let town = Town::new().await;
    let folders = [tempdir().unwrap(), tempdir().unwrap()];
    let [mut one, mut two] = folders.each_ref().map(|folder| Phone::start(folder.path(), &town.server.url(), &[]));
    for phone in [&mut one, &mut two] {
        phone.ask(town.sign_in()).await;
        phone.wait("ready").await;
    }
    let at = dispatched_visit(&mut one).await;
    let note_id = uuid::Uuid::now_v7();
    one.mutate("note/v1/create", json!({ "job_id": at["job_id"], "note_id": note_id, "title": "Both" })).await;
    one.ask(json!({ "do": "edit_note", "note_id": note_id, "text": "Base." })).await;
    one.wait("synced").await;
    let text_is =
        |text: &str| json!({ "do": "wait_row", "table": "note", "id": note_id, "column": "text", "equals": text });
    two.ask(text_is("Base.")).await;

    one.ask(json!({ "do": "network", "up": false })).await;
    let key = one.mutate("visit/v1/accept", at.clone()).await;
    one.ask(json!({ "do": "edit_note", "note_id": note_id, "text": "One. Base." })).await;
    two.mutate("visit/v1/decline", at.clone()).await;
    two.ask(json!({ "do": "edit_note", "note_id": note_id, "text": "Base. Two." })).await;
    two.wait("drained").await;
    one.ask(json!({ "do": "network", "up": true })).await;
    one.wait("synced").await;
    one.wait("attention").await;
    let attention = one.ask(json!({ "do": "attention" })).await;
    assert_eq!(attention["attention"][0]["key"], key);
    assert_eq!(attention["attention"][0]["rejection"]["reason"], "visit.state", "{attention}");
    for phone in [&mut one, &mut two] {
        phone.ask(text_is("One. Base. Two.")).await;
    }
    // What was on the screen when typing began tells mine from theirs.
    let edit = json!({ "do": "edit_note", "note_id": note_id, "base": "Base.", "text": "Base. Last." });
    one.ask(edit).await;
    let row = one.ask(json!({ "do": "wait_row", "table": "note", "id": note_id })).await;
    let text = row["row"].to_string();
    assert!(["One.", "Two.", "Last."].iter().all(|part| text.contains(part)), "{text}");

    let retried = one.ask(json!({ "do": "retry", "key": key })).await["key"].clone();
    assert_ne!(retried, key);
    one.wait("synced").await;
    let attention = one.ask(json!({ "do": "attention" })).await;
    assert_eq!(attention["attention"][0]["key"], retried, "refused again");
    one.ask(json!({ "do": "undo", "key": retried })).await;
    let attention = one.ask(json!({ "do": "attention" })).await;
    assert_eq!(attention["attention"], json!([]));
    assert_eq!(one.fail(json!({ "do": "undo", "key": retried })).await, "STORE");
    town.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_built_on_a_refused_one_is_written_anew_on_retry() {
    /// More than half of what a note may hold.
    const HALF_BYTES: usize = 34_000;
    let town = Town::new().await;
    let folders = [tempdir().unwrap(), tempdir().unwrap()];
    let [mut one, mut two] = folders.each_ref().map(|folder| Phone::start(folder.path(), &town.server.url(), &[]));
    for phone in [&mut one, &mut two] {
        phone.ask(town.sign_in()).await;
        phone.wait("ready").await;
    }
    let at = dispatched_visit(&mut one).await;
    let note_id = uuid::Uuid::now_v7();
    one.mutate("note/v1/create", json!({ "job_id": at["job_id"], "note_id": note_id, "title": "Long" })).await;
    one.wait("synced").await;
    two.ask(json!({ "do": "wait_row", "table": "note", "id": note_id })).await;

    one.ask(json!({ "do": "network", "up": false })).await;
    let (ours, theirs) = ("o".repeat(HALF_BYTES), "t".repeat(HALF_BYTES));
    let edit = |text: &str| json!({ "do": "edit_note", "note_id": note_id, "text": text });
    let too_long = one.ask(edit(&ours)).await["key"].clone();
    let builds_on_it = one.ask(edit(&format!("{ours} Keep this."))).await["key"].clone();
    two.ask(edit(&theirs)).await;
    two.wait("synced").await;
    one.ask(json!({ "do": "network", "up": true })).await;
    one.wait("synced").await;
    let attention = one.ask(json!({ "do": "attention" })).await;
    let reasons: Vec<&Value> =
        attention["attention"].as_array().unwrap().iter().map(|refused| &refused["rejection"]["reason"]).collect();
    assert_eq!(reasons, ["note.text_too_long", "note.rebase"]);

    one.ask(json!({ "do": "retry", "key": builds_on_it })).await;
    one.wait("synced").await;
    one.ask(json!({ "do": "undo", "key": too_long })).await;
    assert_eq!(one.ask(json!({ "do": "attention" })).await["attention"], json!([]));
    let row = one.ask(json!({ "do": "wait_row", "table": "note", "id": note_id })).await["row"].clone();
    let text = row.as_array().unwrap().last().unwrap().as_str().unwrap().to_owned();
    assert_eq!(text.replace(&theirs, ""), " Keep this.");
    let there = json!({ "do": "wait_row", "table": "note", "id": note_id, "column": "text", "equals": text });
    two.ask(there).await;
    town.server.stop().await;
}
