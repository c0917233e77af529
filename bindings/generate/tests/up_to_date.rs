//! What app developers call is what the registry says. `./dev bindings` writes it anew.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{fs, path::Path};

use satchel_domain::REGISTRY;

#[test]
fn generated_models_and_mutations_are_the_registry() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let sources = satchel_generate::trade(&REGISTRY).unwrap();
    assert_eq!(sources.len(), 8);
    for source in sources {
        let path = root.join(&source.path);
        if std::env::var_os("SATCHEL_BLESS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &source.text).unwrap();
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        let differs = there.lines().zip(source.text.lines()).position(|(there, made)| there != made);
        assert!(
            there == source.text,
            "{} differs at line {}: run ./dev bindings and look at the difference",
            source.path.display(),
            differs.unwrap_or_else(|| there.lines().count()) + 1
        );
    }
}

#[test]
fn gradle_takes_the_versions_that_maven_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let tested = read("bindings/kotlin/pom.xml");
    let tested: Vec<(&str, &str)> = tested
        .lines()
        .filter_map(|line| line.trim().strip_prefix('<')?.split_once(".version>"))
        .filter_map(|(name, rest)| Some((name, rest.split_once('<')?.0)))
        .collect();
    // The rest is for tests alone.
    let artifacts = [
        ("kotlin", "kotlin(\"android\") version \""),
        ("coroutines", "kotlinx-coroutines-android:"),
        ("serialization", "kotlinx-serialization-json:"),
        ("jna", ":jna:"),
    ];
    for (name, artifact) in artifacts {
        let version = tested.iter().find(|tested| tested.0 == name).unwrap().1;
        let app = read("mobile-demo/android/pom.xml");
        assert!(app.contains(&format!("<{name}.version>{version}<")), "the app is tested with another {name}");
        for build in ["bindings/kotlin/android/build.gradle.kts", "mobile-demo/android/app/build.gradle.kts"] {
            let text = read(build);
            let taken = text.split(artifact).nth(1);
            assert!(
                taken.is_none_or(|taken| taken.starts_with(version)),
                "{build} takes another {name} than {version}"
            );
        }
        assert!(read("bindings/kotlin/android/build.gradle.kts").contains(artifact), "the library takes {name}");
    }
}
