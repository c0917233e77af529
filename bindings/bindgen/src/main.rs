//! `satchel-bindgen LIBRARY [--check]`: writes the boundary in Kotlin and Swift from the metadata in the built library,
//! or tells which files differ from what it would write.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use uniffi::TargetLanguage::{Kotlin, Swift};

/// What is made, and where it belongs.
const PLACES: [(&str, &str); 3] = [
    ("dev/satchel/satchel_ffi.kt", "bindings/kotlin/src/main/kotlin/dev/satchel/satchel_ffi.kt"),
    ("SatchelCore.swift", "bindings/swift/Sources/SatchelCore/SatchelCore.swift"),
    ("satchel_ffiFFI.h", "bindings/swift/Sources/satchel_ffiFFI/include/satchel_ffiFFI.h"),
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let library = PathBuf::from(arguments.next().context("usage: satchel-bindgen LIBRARY [--check]")?);
    let check = match arguments.next().as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => bail!("{other} is not known: only --check is"),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("no repository")?;
    let mut differ = Vec::new();
    for (place, text) in generate(root, &library)? {
        let path = root.join(place);
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            continue;
        }
        if check {
            differ.push(place);
            continue;
        }
        fs::create_dir_all(path.parent().context("a file without a folder")?)?;
        fs::write(&path, text).with_context(|| format!("{place} cannot be written"))?;
        eprintln!("written: {place}");
    }
    if !differ.is_empty() {
        bail!("the boundary changed: run ./dev bindings and look at the difference in {}", differ.join(", "));
    }
    Ok(())
}

fn generate(root: &Path, library: &Path) -> anyhow::Result<Vec<(&'static str, String)>> {
    if !library.exists() {
        bail!("{} is not built", library.display());
    }
    let folder = std::env::temp_dir().join(format!("satchel-bindgen-{}", std::process::id()));
    let text = |path: &Path| path.to_str().map(str::to_owned).context("the path is not UTF-8");
    uniffi::generate(uniffi::GenerateOptions {
        languages: vec![Kotlin, Swift],
        source: text(library)?.into(),
        out_dir: text(&folder)?.into(),
        config_override: Some(text(&root.join("bindings/ffi/uniffi.toml"))?.into()),
        format: false,
        crate_filter: Some("satchel_ffi".to_owned()),
        metadata_no_deps: false,
    })?;
    let sources = PLACES.map(|(made, place)| {
        let made = folder.join(made);
        let text = fs::read_to_string(&made).with_context(|| format!("{} was not made", made.display()))?;
        Ok((place, tidy(&text)))
    });
    let sources = sources.into_iter().collect();
    fs::remove_dir_all(&folder).context("the temporary folder cannot be removed")?;
    sources
}

/// Without spaces at the ends of lines, which reviews stumble over.
fn tidy(text: &str) -> String {
    let mut lines: String = text.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    lines.truncate(lines.trim_end().len());
    lines.push('\n');
    lines
}
