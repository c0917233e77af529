//! The program from outside: what it prints, how it ends, what it says when something is wrong.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use satchel_domain::REGISTRY;
use satchel_rescue::{Bundle, FORMAT, Lock, RescuedMutation};
use satchel_server::{
    cluster::{Cluster, ClusterOptions},
    policy::Policy,
};
use serde_json::Value;
use tempfile::TempDir;

/// Seconds until a test that waits for something gives up.
const PATIENCE_S: u64 = 60;

/// Everything the program may take from the environment.
const VARIABLES: [&str; 15] = [
    "DATABASE_URL",
    "SATCHEL_ADMIN_DATABASE_URL",
    "SATCHEL_DATA_DIR",
    "SATCHEL_LISTEN",
    "SATCHEL_LOG",
    "SATCHEL_LOG_FORMAT",
    "SATCHEL_ACCESS_SECRET",
    "SATCHEL_REFRESH_SECRET",
    "SATCHEL_ACCESS_SECRET_PREVIOUS",
    "SATCHEL_REFRESH_SECRET_PREVIOUS",
    "SATCHEL_OIDC_ISSUER",
    "SATCHEL_OIDC_AUDIENCE",
    "SATCHEL_OIDC_JWKS",
    "SATCHEL_OIDC_EMAIL_CLAIM",
    "SATCHEL_SEED_PASSWORD",
];

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_satchel-server"));
    VARIABLES.iter().for_each(|name| {
        command.env_remove(name);
    });
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs it to its end; answers exit code, standard output and standard error.
fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().expect("it was not killed"), text(stdout), text(stderr))
}

/// Runs it, expects failure in one sentence that has `part` in it, and answers the sentence.
fn fails(command: &mut Command, part: &str) -> String {
    let (code, stdout, stderr) = run(command);
    assert_eq!((code, stdout.as_str()), (1, ""), "{stderr}");
    let sentence = stderr.lines().last().unwrap().to_owned();
    assert!(sentence.starts_with("error: ") && sentence.contains(part), "{sentence}");
    sentence
}

/// A running server; killed when dropped.
struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("it did not come up: {line:?}"));
        Self { child, url: ready["listening"].as_str().unwrap().to_owned() }
    }

    fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Status and body of a request.
    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(PATIENCE_S))).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    fn stop(&mut self, signal: rustix::process::Signal) -> i32 {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, signal).unwrap();
        let deadline = Instant::now() + Duration::from_secs(PATIENCE_S);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().expect("it ended by itself");
            }
            assert!(Instant::now() < deadline, "it does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn path(directory: &TempDir) -> &str {
    directory.path().to_str().unwrap()
}

/// The id that a seeded JSON names first.
fn seed(data_dir: &str) -> Value {
    let (code, stdout, stderr) = run(&mut program(&[
        "seed",
        "--data-dir",
        data_dir,
        "--technicians",
        "2",
        "--jobs-per-technician",
        "3",
        "--pricebook-items",
        "5",
        "--json",
    ]));
    assert_eq!(code, 0, "{stderr}");
    serde_json::from_str(&stdout).unwrap()
}

#[test]
fn wrong_usage_ends_with_2_and_help_with_0() {
    for arguments in [
        &[] as &[&str],
        &["dance"],
        &["serve", "--listen", "here"],
        &["serve", "--oidc-issuer", "https://id.example"],
        &["serve", "--oidc-issuer", "i", "--oidc-audience", "a", "--oidc-jwks", "http://id.example/jwks"],
        &["seed", "--technicians", "0"],
        &["seed", "--today", "tomorrow"],
        &["import", "jobs"],
        &["rescue", "import", "x.bundle"],
        &["rescue", "show", "x.bundle", "--key-file", "k", "--passphrase-file", "p"],
        &["import", "jobs", "x.csv", "--org", "1"],
        &["import", "jobs", "x.csv", "--org", "019b76da-a801-7dad-8176-8f28de631369", "--assign", "someone"],
    ] {
        let (code, stdout, stderr) = run(&mut program(arguments));
        assert_eq!(code, 2, "{arguments:?}: {stdout}{stderr}");
        assert!(!stderr.is_empty(), "{arguments:?}");
    }
    let (code, stdout, _) = run(&mut program(&["--help"]));
    assert_eq!(code, 0);
    for part in ["serve", "migrate", "seed", "import", "rescue", "openapi", "Exit codes"] {
        assert!(stdout.contains(part), "{part}");
    }
    let (code, stdout, _) = run(&mut program(&["--version"]));
    assert_eq!((code, stdout.trim()), (0, concat!("satchel-server ", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn openapi_prints_the_document() {
    let (code, stdout, stderr) = run(&mut program(&["openapi"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(document, satchel_server::openapi::document(&REGISTRY, &Policy::load(&REGISTRY).unwrap()));
}

#[test]
fn one_command_serves_and_a_signal_stops_it_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let data_dir = path(&directory);
    let seeded = seed(data_dir);
    let ready_file = directory.path().join("ready.json");
    let arguments =
        ["serve", "--data-dir", data_dir, "--listen", "127.0.0.1:0", "--ready-file", ready_file.to_str().unwrap()];
    let mut serving = Serving::start(&mut program(&arguments));
    let ready: Value = serde_json::from_slice(&fs::read(&ready_file).unwrap()).unwrap();
    assert_eq!(ready["listening"], serving.url);
    assert_eq!(serving.ask("GET", "/readyz", "").0, 200);

    let user = &seeded["organizations"][0]["users"][0];
    let body = serde_json::json!({ "email": user["email"], "password": user["password"] }).to_string();
    let (status, session) = serving.ask("POST", "/api/v1/auth/sign-in", &body);
    assert_eq!(status, 200, "{session}");
    let session: Value = serde_json::from_str(&session).unwrap();
    let (_, document) = serving.ask("GET", "/api/openapi.json", "");
    assert!(document.contains("/api/v1/auth/sign-in"));

    // The same address again, while the first one has it.
    fails(
        &mut program(&["serve", "--data-dir", data_dir, "--listen", serving.address()]),
        "is in use: another server may be running there; choose another with --listen",
    );
    assert_eq!(serving.stop(rustix::process::Signal::TERM), 0);
    assert!(!ready_file.exists());
    assert!(!directory.path().join("postgres/postmaster.pid").exists(), "Postgres still runs");

    // The generated secrets stay: sessions outlive a restart.
    let mut serving = Serving::start(&mut program(&arguments));
    let refresh = serde_json::json!({ "refresh_token": session["refresh_token"] }).to_string();
    assert_eq!(serving.ask("POST", "/api/v1/auth/refresh", &refresh).0, 200);
    assert_eq!(serving.stop(rustix::process::Signal::INT), 0);
}

#[test]
fn seeding_and_importing_tell_what_they_did() {
    let directory = tempfile::tempdir().unwrap();
    let data_dir = path(&directory);
    let seeded = seed(data_dir);
    let organization = &seeded["organizations"][0];
    assert_eq!(organization["technicians"].as_array().unwrap().len(), 2);
    fails(&mut program(&["seed", "--data-dir", data_dir]), "choose another --seed");
    let (code, stdout, _) = run(&mut program(&["seed", "--data-dir", data_dir, "--seed", "2", "--technicians", "1"]));
    assert_eq!(code, 0);
    assert!(stdout.contains("dispatcher@goldengate-2.example") && stdout.contains("X-Org-Id"), "{stdout}");

    let file = directory.path().join("jobs.csv");
    fs::write(&file, "id,day,what,where\n1,2026-11-01,Leak,1 Elm St\n2,never,Leak,2 Elm St\n3,2026-11-01,Leak,\n")
        .unwrap();
    let (file, report) = (file.to_str().unwrap(), directory.path().join("report.csv"));
    let org_id = organization["org_id"].as_str().unwrap();
    let import = |more: &[&str]| {
        let columns = ["--number", "id", "--opened", "day", "--title", "what", "--address", "where"];
        let mut command = program(&["import", "jobs", file, "--org", org_id, "--data-dir", data_dir]);
        command.args(columns).args(more);
        command
    };
    let (code, stdout, stderr) =
        run(&mut import(&["--assign-to", "2", "--json", "--report", report.to_str().unwrap()]));
    assert_eq!(code, 0, "{stderr}");
    let summary: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&summary["total"], &summary["imported"], &summary["refused"]), (&3.into(), &1.into(), &2.into()));
    assert_eq!(summary["refused_by_reason"]["not_a_date"], 1);
    let report = fs::read_to_string(report).unwrap();
    assert!(report.starts_with("line,reason,explanation\n3,not_a_date,"), "{report}");
    assert_eq!(report.lines().count(), 3);

    let (code, stdout, stderr) = run(&mut import(&[]));
    assert_eq!(code, 0);
    assert!(stdout.starts_with("0 imported + 3 refused = 3 rows"), "{stdout}");
    assert!(stderr.contains("line 2: a job with this number is already there"), "{stderr}");
    fails(&mut import(&["--assign-to", "9"]), "has 2 active technicians, not 9");
    fails(&mut import(&["--latitude", "north"]), "no column \"north\"; it has: id, day, what, where");
    fails(&mut import(&["--report", data_dir]), "cannot write the report");

    let (code, stdout, _) = run(&mut program(&["migrate", "--data-dir", data_dir]));
    assert_eq!(code, 0);
    assert!(stdout.starts_with("Nothing to do"), "{stdout}");
}

#[test]
fn a_database_that_cannot_be_used_is_told_in_a_sentence_without_its_password() {
    let secrets = [("SATCHEL_ACCESS_SECRET", "a".repeat(32)), ("SATCHEL_REFRESH_SECRET", "b".repeat(32))];
    let serve = |url: &str| {
        let mut command = program(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("DATABASE_URL", url).envs(secrets.clone());
        command
    };
    // Nothing listens there; a port nobody can have.
    let nowhere = "postgres://satchel_service:hunter2@127.0.0.1:1/satchel";
    let not_one = "mysql://satchel_service:hunter2@127.0.0.1/satchel";
    let mut said = vec![
        fails(&mut serve(nowhere), "no Postgres answers there"),
        fails(&mut serve(not_one), "DATABASE_URL: not a Postgres URL"),
        fails(program(&["migrate"]).env("DATABASE_URL", nowhere), "SATCHEL_ADMIN_DATABASE_URL"),
        fails(program(&["migrate"]).env("SATCHEL_ADMIN_DATABASE_URL", nowhere), "no Postgres answers there"),
        fails(program(&["seed"]).env("SATCHEL_ADMIN_DATABASE_URL", nowhere), "no Postgres answers there"),
        fails(program(&["seed"]).env("SATCHEL_ADMIN_DATABASE_URL", not_one), "not a Postgres URL"),
        fails(serve(nowhere).env_remove("SATCHEL_REFRESH_SECRET"), "SATCHEL_REFRESH_SECRET is not set"),
        fails(serve(nowhere).env("SATCHEL_ACCESS_SECRET", "hunter2"), "SATCHEL_ACCESS_SECRET is shorter than 32 bytes"),
        fails(serve(nowhere).env("SATCHEL_ACCESS_SECRET", "b".repeat(32)), "are the same"),
        fails(
            serve(nowhere).env("SATCHEL_ACCESS_SECRET_PREVIOUS", "hunter2"),
            "SATCHEL_ACCESS_SECRET_PREVIOUS is shorter than 32 bytes",
        ),
        fails(
            serve(nowhere).env("SATCHEL_REFRESH_SECRET_PREVIOUS", "b".repeat(32)),
            "SATCHEL_REFRESH_SECRET_PREVIOUS is the same as the secret that took its place",
        ),
    ];

    let directory = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(directory.path(), ClusterOptions::default()).unwrap();
    let as_service = |database: &str| cluster.url(database).replace("user=postgres", "user=satchel_service");
    said.push(fails(&mut serve(&cluster.url("none")), "does not exist"));
    said.push(fails(&mut serve(&cluster.url("postgres")), "must not log in as a superuser"));
    said.push(fails(
        program(&["seed"]).env("SATCHEL_ADMIN_DATABASE_URL", cluster.url("postgres")),
        "run satchel-server migrate",
    ));
    // Roles belong to the cluster: once one database is migrated, the role may come to another that is not.
    let psql = |statement: &str| {
        let url = cluster.url("postgres");
        let output = cluster.command("psql").args([url.as_str(), "-c", statement]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    psql("create database one");
    let (code, stdout, stderr) = run(program(&["migrate"]).env("SATCHEL_ADMIN_DATABASE_URL", cluster.url("one")));
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.starts_with("Applied "), "{stdout}");
    said.push(fails(&mut serve(&as_service("postgres")), "run `satchel-server migrate`"));
    let mut serving = Serving::start(&mut serve(&as_service("one")));
    assert_eq!(serving.ask("GET", "/readyz", "").0, 200);
    assert_eq!(serving.stop(rustix::process::Signal::TERM), 0);
    assert!(said.iter().all(|sentence| !sentence.contains("hunter2")), "{said:#?}");
}

#[test]
fn a_data_directory_that_cannot_be_used_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let strange = directory.path().join("strange");
    fs::create_dir_all(strange.join("postgres")).unwrap();
    fs::write(strange.join("postgres/notes.txt"), "mine").unwrap();
    let serve = |data_dir: &Path| {
        let mut command = program(&["serve", "--listen", "127.0.0.1:0", "--data-dir"]);
        command.arg(data_dir);
        command
    };
    fails(&mut serve(&file), "cannot create");
    fails(&mut serve(&strange), "holds no Postgres cluster: choose another data directory");
    assert_eq!(fs::read_to_string(strange.join("postgres/notes.txt")).unwrap(), "mine");
}

#[test]
fn a_bundle_is_shown_and_taken_in_once() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let seeded = seed(&at("data"));
    let organization = &seeded["organizations"][0];
    let dispatcher =
        organization["users"].as_array().unwrap().iter().find(|user| user["roles"][0] == "dispatcher").unwrap();
    let mutation = |name: &str, args: Value| RescuedMutation {
        key: uuid::Uuid::now_v7(),
        name: name.to_owned(),
        args: serde_json::value::to_raw_value(&args).unwrap(),
        context: serde_json::value::to_raw_value(&serde_json::json!({
            "occurred_at": "2026-11-01T08:00:00Z", "device_clock": "2026-11-01T08:00:00Z"
        }))
        .unwrap(),
        retry_of: None,
    };
    let customer = serde_json::json!({ "customer_id": uuid::Uuid::now_v7(), "name": "A customer" });
    let mut bundle = Bundle {
        format: FORMAT,
        org_id: organization["org_id"].as_str().unwrap().parse().unwrap(),
        user_id: dispatcher["user_id"].as_str().unwrap().parse().unwrap(),
        device_id: uuid::Uuid::now_v7(),
        made_at: "2026-11-01T09:00:00Z".parse().unwrap(),
        mutations: vec![mutation("customer/v1/create", customer)],
    };

    let (code, stdout, stderr) = run(&mut program(&["rescue", "new-key", "--out", &at("office.key")]));
    assert_eq!(code, 0, "{stderr}");
    let public: Value = serde_json::from_str(&stdout).unwrap();
    let lock = Lock::PublicKey(public["public_key"].as_str().unwrap().to_owned());
    fails(&mut program(&["rescue", "new-key", "--out", &at("office.key")]), "cannot write");
    fs::write(at("one"), satchel_rescue::seal(&bundle, &lock).unwrap()).unwrap();

    let (code, stdout, stderr) = run(&mut program(&["rescue", "show", &at("one"), "--key-file", &at("office.key")]));
    assert_eq!(code, 0, "{stderr}");
    assert!(!stdout.contains("A customer"), "no contents: {stdout}");
    let shown: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&shown["mutations"], &shown["by_name"]["customer/v1/create"]), (&1.into(), &1.into()));

    let import = |file: &str| {
        let mut command = program(&["rescue", "import", &at(file), "--key-file", &at("office.key")]);
        command.args(["--data-dir", &at("data")]);
        command
    };
    for _ in 0..2 {
        let (code, stdout, stderr) = run(&mut import("one"));
        assert_eq!(code, 0, "{stdout}{stderr}");
        let taken: Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!((&taken["accepted"], &taken["not_accepted"]), (&1.into(), &Value::Array(vec![])));
    }

    bundle.mutations.push(mutation("customer/v9/adopt", Value::Null));
    fs::write(at("two"), satchel_rescue::seal(&bundle, &lock).unwrap()).unwrap();
    let (code, stdout, stderr) = run(&mut import("two"));
    assert!(code == 1 && stderr.contains("1 of 2 were not accepted"), "{stderr}");
    let taken: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(taken["not_accepted"][0]["why"]["reason"], "mutation.unknown");

    fails(&mut import("nowhere"), "cannot read");
    fs::write(at("cut"), &fs::read(at("one")).unwrap()[..300]).unwrap();
    fails(&mut import("cut"), "the bundle is damaged or incomplete");
    fs::write(at("list"), "a shopping list").unwrap();
    fails(&mut import("list"), "this is no rescue bundle");
    bundle.user_id = uuid::Uuid::now_v7();
    fs::write(at("stranger"), satchel_rescue::seal(&bundle, &lock).unwrap()).unwrap();
    fails(&mut import("stranger"), "the bundle was not taken in");
}
