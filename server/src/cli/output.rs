//! Results on standard output.

use std::io::{ErrorKind, Write as _};

use serde::Serialize;

use super::Failure;

/// Prints a value as JSON on one line, or indented for a terminal.
pub(super) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let pretty = std::io::IsTerminal::is_terminal(&std::io::stdout());
    let text = if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    line(&text.map_err(|error| Failure::with_cause("cannot spell the result", &error))?)
}

/// Prints a line.
pub(super) fn line(text: &str) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    match writeln!(output, "{text}").and_then(|()| output.flush()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| Failure::with_cause("cannot write the result", &error)),
    }
}
