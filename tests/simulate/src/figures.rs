//! What many histories came to, for people, programs and `docs/figures.md`.

use std::{fmt::Write as _, path::Path, time::Duration};

use serde_json::json;

use crate::{full, record::Promise, run::Tally};

/// Between these lines of the page stands what a gear writes.
const FAST: [&str; 2] = ["<!-- simulate: begin -->", "<!-- simulate: end -->"];
const FULL: [&str; 2] = ["<!-- simulate full: begin -->", "<!-- simulate full: end -->"];

/// The summary as JSON.
pub fn json(tally: &Tally, first_seed: u64, took: Duration) -> String {
    let broken: serde_json::Map<String, serde_json::Value> =
        Promise::ALL.iter().map(|promise| (promise.word().to_owned(), tally.count(*promise).into())).collect();
    json!({
        "runs": tally.runs,
        "first_seed": first_seed,
        "seconds": took.as_secs(),
        "broken": broken,
        "faults": tally.injected,
        "faults_total": tally.injected.values().sum::<u64>(),
        "slowest_recovery_ms": tally.slowest_recovery_ms,
        "failing_seeds": tally.broken.keys().collect::<Vec<_>>(),
    })
    .to_string()
}

/// The summary in words.
pub fn text(tally: &Tally, took: Duration) -> String {
    let broken: Vec<String> =
        Promise::ALL.iter().map(|promise| format!("{} {}", tally.count(*promise), promise.word())).collect();
    let mut text = format!(
        "{} histories in {} s, {} faults: {}\n",
        tally.runs,
        took.as_secs(),
        tally.injected.values().sum::<u64>(),
        broken.join(", ")
    );
    for (name, count) in &tally.injected {
        let _ = writeln!(text, "  {count:>7}  {name}");
    }
    text
}

/// How this program was built; its figures say so.
const BUILD: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

/// Writes the summary into the page of figures, in the place of an earlier one.
///
/// # Errors
/// When the page cannot be read or written.
pub fn save(tally: &Tally, first_seed: u64, took: Duration) -> std::io::Result<()> {
    place(FAST, &section(tally, first_seed, took))
}

/// Writes the full gear's summary into the page of figures, in the place of an earlier one.
///
/// # Errors
/// When the page cannot be read or written.
pub fn save_full(tally: &full::Tally, first_seed: u64, took: Duration) -> std::io::Result<()> {
    place(FULL, &tally.section(first_seed, took, BUILD))
}

fn place(marks: [&str; 2], section: &str) -> std::io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/figures.md");
    let page = std::fs::read_to_string(&path)?;
    std::fs::write(path, placed(&page, marks, section))
}

fn section(tally: &Tally, first_seed: u64, took: Duration) -> String {
    let mut text = format!(
        "## Faults\n\nMade by `./dev simulate --runs {} --save` ([the simulator](guides/simulator.md)), a {BUILD} \
         build: {} histories from seed {first_seed} on, in {} s.\n\n| broken promises | histories |\n|---|---|\n",
        tally.runs,
        tally.runs,
        took.as_secs()
    );
    for promise in Promise::ALL {
        let _ = writeln!(text, "| {} | {} |", promise.word(), tally.count(promise));
    }
    text.push_str("\n| fault | times |\n|---|---|\n");
    for (name, count) in &tally.injected {
        let _ = writeln!(text, "| {name} | {count} |");
    }
    let _ = write!(text, "| all | {} |", tally.injected.values().sum::<u64>());
    text
}

/// The page with the section between its marks, or at the end.
fn placed(page: &str, [first, last]: [&str; 2], section: &str) -> String {
    let section = format!("{first}\n{section}\n{last}");
    match (page.find(first), page.find(last)) {
        (Some(begin), Some(end)) if begin < end => {
            format!("{}{section}{}", &page[..begin], &page[end + last.len()..])
        }
        _ => format!("{}\n\n{section}\n", page.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_replaces_only_itself() {
        let first = placed("# Figures\n", FAST, "one");
        assert_eq!(first, format!("# Figures\n\n{}\none\n{}\n", FAST[0], FAST[1]));
        let both = placed(&first, FULL, "other");
        assert!(both.starts_with(first.trim_end()) && both.contains("other"), "{both}");
        assert_eq!(placed(&both, FAST, "two"), both.replace("one", "two"));
    }
}
