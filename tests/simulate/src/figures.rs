//! What many histories came to, for people, programs and `docs/figures.md`.

use std::{fmt::Write as _, path::Path, time::Duration};

use serde_json::json;

use crate::{record::Promise, run::Tally};

/// Between these lines of the page stands what this room writes.
const BEGIN: &str = "<!-- simulate: begin -->";
const END: &str = "<!-- simulate: end -->";

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

/// Writes the summary into the page of figures, in the place of an earlier one.
///
/// # Errors
/// When the page cannot be read or written.
pub fn save(tally: &Tally, first_seed: u64, took: Duration) -> std::io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/figures.md");
    let page = std::fs::read_to_string(&path)?;
    std::fs::write(path, placed(&page, &section(tally, first_seed, took)))
}

fn section(tally: &Tally, first_seed: u64, took: Duration) -> String {
    let mut text = format!(
        "{BEGIN}\n## Faults\n\nMade by `./dev simulate --runs {} --save` ([the simulator](guides/simulator.md)): {} histories \
         from seed {first_seed} on, in {} s.\n\n| broken promises | histories |\n|---|---|\n",
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
    let _ = write!(text, "| all | {} |\n{END}", tally.injected.values().sum::<u64>());
    text
}

/// The page with the section in its place, or at the end.
fn placed(page: &str, section: &str) -> String {
    match (page.find(BEGIN), page.find(END)) {
        (Some(begin), Some(end)) if begin < end => {
            format!("{}{section}{}", &page[..begin], &page[end + END.len()..])
        }
        _ => format!("{}\n\n{section}\n", page.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_replaces_only_itself() {
        let first = placed("# Figures\n", &format!("{BEGIN}\none\n{END}"));
        assert_eq!(first, format!("# Figures\n\n{BEGIN}\none\n{END}\n"));
        let more = format!("{first}\nmore\n");
        assert_eq!(placed(&more, &format!("{BEGIN}\ntwo\n{END}")), more.replace("one", "two"));
    }
}
