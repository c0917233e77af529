//! What whoever started the run sees of it: a bar on a terminal, lines elsewhere. On standard error; standard output is
//! for the summary.

use std::{
    io::{IsTerminal as _, Write as _},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

/// Lines told of one stage, where there is no terminal.
const LINES_A_STAGE: u64 = 5;

/// See the module.
#[derive(Debug)]
pub struct Progress {
    terminal: bool,
}

/// One stage of the run, of so many steps. Ends when dropped.
#[derive(Debug)]
pub struct Stage {
    bar: Option<ProgressBar>,
    what: &'static str,
    total: u64,
    done: AtomicU64,
}

impl Progress {
    /// Bars if standard error is a terminal.
    pub fn new() -> Self {
        Self { terminal: std::io::stderr().is_terminal() }
    }

    /// Says something.
    pub fn say(&self, text: &str) {
        line(text);
    }

    /// Begins a stage.
    pub fn stage(&self, what: &'static str, total: u64) -> Stage {
        let bar = self.terminal.then(|| {
            let bar = ProgressBar::new(total);
            let style = ProgressStyle::with_template("{msg:<34} {bar:40} {pos:>5}/{len} {elapsed:>4}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(what);
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        if bar.is_none() {
            line(&format!("{what}: 0 of {total}"));
        }
        Stage { bar, what, total, done: AtomicU64::new(0) }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Stage {
    /// So many steps are done.
    pub fn set(&self, done: u64) {
        let done = done.min(self.total);
        let before = self.done.fetch_max(done, Ordering::Relaxed);
        self.told(before, before.max(done));
    }

    /// One step more is done.
    pub fn step(&self) {
        let before = self.done.fetch_add(1, Ordering::Relaxed);
        self.told(before, before + 1);
    }

    fn told(&self, before: u64, now: u64) {
        let part = |done: u64| done * LINES_A_STAGE / self.total.max(1);
        match &self.bar {
            Some(bar) => bar.set_position(now),
            None if part(now) > part(before) => line(&format!("{}: {now} of {}", self.what, self.total)),
            None => {}
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.abandon();
        }
    }
}

fn line(text: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}
