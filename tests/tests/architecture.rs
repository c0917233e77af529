//! The rules of direction that ARCHITECTURE.md states, held against the sources.

use std::{
    fs,
    path::{Path, PathBuf},
};

use satchel_domain::REGISTRY;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace's folder").to_owned()
}

/// Every Rust file below `folder`, with its text up to its unit tests, which may name what they like.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let name = path.strip_prefix(root()).expect("below the root").display().to_string();
            let text = fs::read_to_string(&path).expect("UTF-8");
            let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            found.push((name, product.to_owned()));
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

/// Files below `folder` in which one of `words` stands, but for those below `allowed`.
fn offenders(folder: &str, words: &[&str], allowed: &[&str]) -> Vec<String> {
    sources(folder)
        .into_iter()
        .filter(|(name, _)| !allowed.iter().any(|prefix| name.starts_with(prefix)))
        .filter_map(|(name, text)| {
            words.iter().find(|word| text.contains(**word)).map(|word| format!("{name} speaks of {word}"))
        })
        .collect()
}

#[test]
fn dependencies_point_down() {
    let rules: &[(&str, &[&str])] = &[
        ("protocol", &[]),
        ("domain", &["satchel-protocol"]),
        ("rescue", &["satchel-protocol"]),
        ("server", &["satchel-protocol", "satchel-domain", "satchel-rescue"]),
        ("client-core", &["satchel-protocol", "satchel-domain", "satchel-rescue"]),
        ("bindings/ffi", &["satchel-protocol", "satchel-domain", "satchel-client"]),
        ("bindings/generate", &["satchel-protocol"]),
        ("mobile-demo/terminal", &["satchel-protocol", "satchel-domain", "satchel-client"]),
        ("mobile-demo/stage", &["satchel-protocol", "satchel-domain"]),
        ("mobile-demo/day", &["satchel-protocol", "satchel-domain", "satchel-client", "satchel-stage"]),
        ("mobile-demo/fleet", &["satchel-protocol", "satchel-domain", "satchel-client", "satchel-stage"]),
    ];
    for (folder, allowed) in rules {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        let ordinary = manifest.split("[dev-dependencies]").next().unwrap();
        for line in ordinary.lines().filter(|line| line.starts_with("satchel-")) {
            let name = line.split(['.', ' ', '=']).next().unwrap();
            assert!(allowed.contains(&name), "{folder} may not depend on {name}");
        }
    }
}

#[test]
fn only_its_room_speaks_a_database() {
    assert_eq!(offenders("client-core/src", &["rusqlite"], &["client-core/src/db"]), Vec::<String>::new());
    for folder in ["protocol/src", "domain/src", "bindings", "mobile-demo"] {
        assert_eq!(offenders(folder, &["rusqlite::", "sqlx::"], &[]), Vec::<String>::new());
    }
    let speakers = [
        "store",
        "feed",
        "pull",
        "push",
        "query",
        "database",
        "migrate",
        "cluster",
        "auth",
        "seed",
        "import",
        "bulk",
        "upkeep",
        "cli/place",
    ];
    let allowed: Vec<String> = speakers.iter().map(|room| format!("server/src/{room}")).collect();
    let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
    assert_eq!(offenders("server/src", &["sqlx::query"], &allowed), Vec::<String>::new());
}

#[test]
fn the_engine_touches_neither_network_nor_clock() {
    let words = ["tokio::", "reqwest", "Instant::now", "SystemTime", "Timestamp::now"];
    assert_eq!(offenders("client-core/src/engine", &words, &[]), Vec::<String>::new());
    assert_eq!(offenders("protocol/src", &words, &[]), Vec::<String>::new());
    assert_eq!(offenders("domain/src", &words, &[]), Vec::<String>::new());
}

#[test]
fn the_engine_knows_no_table_by_name() {
    let names: Vec<String> = REGISTRY.tables.iter().map(|table| format!("\"{}\"", table.name)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for folder in [
        "protocol/src/wire",
        "server/src/store",
        "server/src/push",
        "server/src/pull",
        "server/src/feed",
        "server/src/stream",
        "client-core/src/engine",
        "client-core/src/rebase",
        "client-core/src/replica",
        "client-core/src/queue",
        "client-core/src/db",
    ] {
        assert_eq!(offenders(folder, &names, &[]), Vec::<String>::new());
    }
}

#[test]
fn only_the_boundarys_macros_write_unsafe_code() {
    assert_eq!(offenders("bindings", &["unsafe"], &[]), Vec::<String>::new());
    assert_eq!(offenders("client-core/src", &["uniffi"], &[]), Vec::<String>::new());
}

#[test]
fn panics_can_be_caught_at_the_boundary() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(!manifest.contains("panic ="), "a panic must unwind to become an error of the app");
}

/// The lines of a text without their indentation.
fn unindented(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.trim())).collect()
}

#[test]
fn the_guide_to_a_new_table_is_what_a_test_does() {
    let guide = include_str!("../../docs/guides/add-a-table.md");
    let test = unindented(include_str!("new_table.rs"));
    let mut shown = Vec::new();
    for (number, part) in guide.split("```").enumerate().filter(|(number, _)| number % 2 == 1) {
        let (language, block) = part.split_once('\n').expect("a fence and its code");
        if language == "sh" {
            continue;
        }
        let block = unindented(block);
        assert!(test.contains(&block), "block {number} of the guide is not in the test:\n{block}");
        shown.push(language);
    }
    assert_eq!(shown, ["sql", "rust", "rust"]);
}
