//! The page of figures.

use std::{fmt::Write as _, time::Duration};

/// Rows of the page, in order.
#[derive(Debug, Default)]
pub struct Table {
    lines: Vec<[String; 5]>,
}

impl Table {
    /// A figure, what the raw database does in this run, how they compare, and what is aimed at.
    pub fn add(&mut self, what: &str, figure: String, raw: String, ratio: String, target: &str) {
        self.lines.push([what.to_owned(), figure, raw, ratio, target.to_owned()]);
    }

    /// The page as Markdown.
    pub fn page(&self) -> String {
        let kind = if cfg!(debug_assertions) { "debug" } else { "release" };
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let mut page = format!(
            "# Figures\n\n\
             Made by `./dev bench --save`: phones, server and a durable Postgres on one machine ({cores} cores, {kind} \
             build), over real sockets and files. Each figure stands beside the raw database doing the same work in the \
             same run; read the ratio rather than the absolute figure.{}\n\n",
            busy().unwrap_or_default()
        );
        let head = ["what", "Satchel", "raw", "ratio", "target"].map(str::to_owned);
        for (number, line) in std::iter::once(&head).chain(&self.lines).enumerate() {
            let _ = writeln!(page, "| {} |", line.join(" | "));
            if number == 0 {
                page.push_str("|---|---|---|---|---|\n");
            }
        }
        page
    }
}

/// What else the machine did, where the system tells.
fn busy() -> Option<String> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    let load = text.split_whitespace().nth(1)?;
    Some(format!(
        " Load average over the last five minutes when it ended: {load}; above 1 or so, other work took part."
    ))
}

/// So many of something in a second.
pub fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// A rate, readable.
pub fn rate(count: u64, time: Duration, unit: &str) -> String {
    format!("{:.0} {unit}/s", per_second(count, time))
}

/// A time, readable.
pub fn time(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

/// `ours` in percent of `raw`, for rates.
pub fn percent(ours: f64, raw: f64) -> String {
    format!("{:.0} %", ours / raw * 100.0)
}

/// `ours` in multiples of `raw`, for times.
pub fn times(ours: Duration, raw: Duration) -> String {
    format!("{:.2} x", ours.as_secs_f64() / raw.as_secs_f64())
}

/// The time below which so many percent of `times` lie.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}
