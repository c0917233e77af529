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
