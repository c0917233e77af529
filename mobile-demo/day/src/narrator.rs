//! What the audience reads.

use std::{
    io::{BufRead as _, IsTerminal as _, Write as _},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::proof::Report;

/// Tells the story on standard error; standard output is for the JSON line at the end.
pub struct Narrator {
    headless: bool,
    colour: bool,
}

impl Narrator {
    /// A narrator that waits for a key between chapters, unless headless.
    pub fn new(headless: bool) -> Self {
        Self { headless, colour: std::io::stderr().is_terminal() }
    }

    /// Begins a chapter.
    pub fn chapter(&self, title: &str) {
        if !self.headless {
            self.line("\n[Enter] to go on");
            // End of input goes on as well.
            let _ = std::io::stdin().lock().read_line(&mut String::new());
        }
        self.line(&if self.colour { format!("\n\x1b[1m{title}\x1b[0m") } else { format!("\n{title}") });
    }

    /// Tells what happens.
    pub fn say(&self, text: &str) {
        self.line(&format!("  {text}"));
    }

    /// A progress bar for `total` rows.
    pub fn bar(&self, what: &str, total: u64) -> ProgressBar {
        let bar = ProgressBar::new(total);
        let style = ProgressStyle::with_template("  {msg:<14} {bar:40} {pos}/{len} rows")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }

    /// Tells the end; headless, as one line of JSON on standard output.
    pub fn verdict(&self, report: &Report) {
        self.say(&format!(
            "{}: {} taps, {} lost, {} doubled, {} leaked, {} refused with a reason.",
            if report.holds() { "Proved" } else { "FAILED" },
            report.tapped,
            report.lost,
            report.duplicated,
            report.replicas.leaked,
            report.rejected
        ));
        if self.headless {
            let mut output = std::io::stdout().lock();
            // Nobody is left to tell when standard output is closed.
            let _ = writeln!(output, "{}", report.to_json());
        }
    }

    fn line(&self, text: &str) {
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}
