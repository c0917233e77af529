//! Who may call what: the whole matrix of roles and procedures, as the policy says it and as the server does it (R3).

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fmt::Write as _;

use reqwest::Method;
use satchel_domain::{REGISTRY, roles};
use satchel_protocol::{ErrorCode, policy::FORBIDDEN};
use satchel_server::policy::Policy;
use satchel_tests::{
    contractor::Contractor,
    server::{Client, TestServer, refused, unhurried},
};
use uuid::Uuid;

/// Written anew with `SATCHEL_BLESS=1`; read the difference before committing it.
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policy/matrix.txt");

const LEGEND: &str = "Which role may call which procedure. On which rows, the rules say, and row-level security.\n";

#[test]
fn every_role_may_call_exactly_this() {
    let policy = Policy::load(&REGISTRY).unwrap();
    let width = REGISTRY.procedures().map(str::len).max().unwrap_or_default();
    let mut text = format!("{LEGEND}\n{:width$}", "");
    for role in roles::ALL {
        write!(text, " {role}").unwrap();
    }
    let mut names: Vec<&str> = REGISTRY.procedures().collect();
    names.sort_unstable();
    for name in names {
        write!(text, "\n{name:width$}").unwrap();
        for role in roles::ALL {
            let may = policy.permissions(&[(*role).to_owned()]).may(name);
            write!(text, " {:width$}", if may { "may" } else { "-" }, width = role.len()).unwrap();
        }
        assert!(!policy.callers(name).is_empty(), "no policy permits {name}: add it to a file in domain/policies");
    }
    let text = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n";
    if std::env::var_os("SATCHEL_BLESS").is_some() {
        std::fs::write(GOLDEN, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(GOLDEN).unwrap_or_default(), "see {GOLDEN}");
}

/// What the golden file says: role and procedure to whether the one may call the other.
fn golden() -> Vec<(String, String, bool)> {
    let text = std::fs::read_to_string(GOLDEN).unwrap();
    let mut lines = text.lines().skip(2);
    let roles: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    lines
        .flat_map(|line| {
            let mut cells = line.split_whitespace();
            let name = cells.next().unwrap();
            cells
                .zip(&roles)
                .map(move |(cell, role)| ((*role).to_owned(), name.to_owned(), cell == "may"))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Calls a procedure with arguments that mean nothing; the code and reason of the refusal, if it was refused.
async fn call(client: &Client, name: &str) -> Option<(ErrorCode, Option<String>)> {
    let request = client.request(Method::POST, &format!("/api/v1/rpc/{name}"));
    let request = request.header("idempotency-key", Uuid::now_v7().to_string()).json(&serde_json::json!({}));
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    (status >= 400).then(|| {
        let refused = refused(status, &body);
        let (code, reason) = refused.why();
        assert_eq!(code.http_status(), status);
        (code, reason.map(str::to_owned))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_lets_every_role_call_exactly_this() {
    let contractor = Contractor::new(&REGISTRY).await;
    let server = TestServer::start(&contractor.database, &REGISTRY, unhurried()).await;
    let mut calls = 0;
    for role in roles::ALL {
        let client = server.client(contractor.hire(&[role]).await);
        for (_, name, may) in golden().into_iter().filter(|(of, ..)| of == role) {
            let refusal = call(&client, &name).await;
            let forbidden = refusal
                .as_ref()
                .is_some_and(|(code, reason)| *code == ErrorCode::Forbidden || reason.as_deref() == Some(FORBIDDEN));
            assert_eq!(forbidden, !may, "{role} calls {name}: {refusal:?}");
            calls += 1;
        }
    }
    assert_eq!(calls, roles::ALL.len() * REGISTRY.procedures().count());
    server.stop().await;
}
