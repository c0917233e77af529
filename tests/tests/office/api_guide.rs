//! The commands of docs/guides/api.md, run word by word, with what the guide says comes out.

use std::process::Stdio;

use satchel_domain::REGISTRY;
use satchel_server::{
    auth::password::Cost,
    database::{Database, PoolLimits},
    seed::{SeedOptions, seed, today},
};
use satchel_tests::{
    database::{as_service, fresh},
    server::{TestServer, patiently, unhurried},
};
use tokio::process::Command;

const GUIDE: &str = include_str!("../../../docs/guides/api.md");

/// What stands between two commands' outputs.
const MARK: &str = "--- the next block ---";

/// The fenced blocks of a language, in order; empty where a shell block has no output of its own.
fn blocks() -> Vec<(String, Option<String>)> {
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    for block in GUIDE.split("\n```").skip(1).step_by(2) {
        let (language, text) = block.split_once('\n').unwrap();
        match language {
            "sh" => found.push((text.to_owned(), None)),
            "text" => found.last_mut().unwrap().1 = Some(text.trim_end().to_owned()),
            other => panic!("a block of {other}"),
        }
    }
    found
}

/// Whether the pieces of a pattern between its ellipses stand in the text in this order.
fn fits(pattern: &str, text: &str) -> bool {
    let mut rest = text;
    pattern.lines().flat_map(|line| line.split('…')).map(str::trim).filter(|piece| !piece.is_empty()).all(|piece| {
        let found = rest.find(piece);
        if let Some(at) = found {
            rest = &rest[at + piece.len()..];
        }
        found.is_some()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_says_what_happens() {
    let database = fresh().await;
    let options = SeedOptions { pricebook_items: 50, password_cost: Cost::Minimal, ..SeedOptions::small(today()) };
    seed(&database.options(), &options).await.unwrap();
    let service = Database::connect(as_service(&database), PoolLimits::default()).await.unwrap();
    let server = TestServer::start(&service, &REGISTRY, unhurried()).await;

    let blocks = blocks();
    assert!(blocks.iter().filter(|(_, output)| output.is_some()).count() >= 4);
    let script =
        blocks.iter().map(|(commands, _)| commands.as_str()).collect::<Vec<_>>().join(&format!("\necho '{MARK}'\n"));
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("bash");
    command.args(["-euo", "pipefail", "-c", &script]).current_dir(folder.path()).env("SATCHEL", server.url());
    command.env_remove("http_proxy").env_remove("HTTP_PROXY").env_remove("ALL_PROXY").stdin(Stdio::null());
    let done = patiently(command.output()).await.unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{}\n{text}", String::from_utf8_lossy(&done.stderr));
    let outputs: Vec<&str> = text.split(MARK).collect();
    assert_eq!(outputs.len(), blocks.len());
    for ((commands, wanted), output) in blocks.iter().zip(outputs) {
        if let Some(wanted) = wanted {
            assert!(fits(wanted, output), "{commands}\ngave\n{output}\nnot\n{wanted}");
        }
    }
    server.stop().await;
}

#[test]
fn the_comparison_can_fail() {
    assert!(fits("{\"a\" : …, \"b\"", "{\"a\" : 1, \"b\" : 2}") && !fits("b…a", "a b") && !fits("\"c\"", "{}"));
}
