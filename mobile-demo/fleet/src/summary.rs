//! What a run came to, for people and for programs.

use std::{fmt::Write as _, time::Duration};

use serde_json::{Value, json};

use crate::{fleet::Life, options::Options, proof::Proof};

/// See the module.
#[derive(Clone, Debug)]
pub struct Summary {
    technicians: u32,
    days: u32,
    hours: u32,
    speedup: u32,
    seed: u64,
    took: Duration,
    proof: Proof,
    /// Sorted.
    taps: Vec<Duration>,
    /// Sorted.
    verdicts: Vec<Duration>,
    refused_at_once: usize,
    handed_over: usize,
    held: usize,
    reconnects: usize,
    canceled: usize,
    reassigned: usize,
    stuck: usize,
    /// Up and down, where known.
    bytes: Option<(u64, u64)>,
    pushes: u64,
    server_errors: u64,
}

impl Summary {
    /// Sums up.
    pub fn new(options: &Options, life: &Life, proof: &Proof) -> Self {
        let (before, after) = &life.metrics;
        let grew = |name| after.since(before, name);
        let sorted = |mut times: Vec<Duration>| {
            times.sort_unstable();
            times
        };
        Self {
            technicians: options.technicians,
            days: options.days,
            hours: options.hours,
            speedup: options.speedup,
            seed: options.seed,
            took: life.took,
            proof: *proof,
            taps: sorted(life.record.taps.iter().map(|tap| tap.took).collect()),
            verdicts: sorted(life.seen.iter().flat_map(|seen| seen.verdicts.iter().copied()).collect()),
            refused_at_once: life.record.refused_at_once,
            handed_over: life.record.handed_over,
            held: life.seen.iter().map(|seen| seen.held.len()).sum(),
            reconnects: life.seen.iter().map(|seen| seen.reconnects).sum(),
            canceled: life.office.canceled,
            reassigned: life.office.reassigned,
            stuck: life.stuck,
            bytes: life.traffic.map(|traffic| (traffic.up_bytes, traffic.down_bytes)),
            pushes: grew("satchel_pushes_total"),
            server_errors: grew(r#"satchel_http_answers_total{status="5xx"}"#)
                + grew("satchel_push_failures_total")
                + grew(r#"satchel_verdicts_total{outcome="quarantined"}"#),
        }
    }

    /// Whether every promise was kept, and every phone came to rest.
    pub fn kept(&self) -> bool {
        self.proof.holds() && self.stuck == 0
    }

    /// The program's exit code: 0 if [`kept`](Self::kept), else 1.
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.kept())
    }

    /// The table at the end of a run.
    pub fn table(&self) -> String {
        let Self { technicians, days, hours, speedup, seed, proof, .. } = self;
        let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1_000.0);
        let both = |times: &[Duration]| format!("p50 {}, p99 {}", ms(at(times, 50)), ms(at(times, 99)));
        let seconds = self.took.as_secs_f64();
        let mut table = String::new();
        let mut row = |what: &str, value: String| {
            let _ = writeln!(table, "{what:<28}  {value}");
        };
        row("lived through", format!("{technicians} technicians, {days} x {hours} h at {speedup} x, seed {seed}"));
        row("took", format!("{seconds:.1} s with the evening"));
        row("taps", format!("{}, {:.1}/s", proof.tapped, proof.tapped as f64 / seconds));
        row("a tap, durable", both(&self.taps));
        row("from a tap to its verdict", both(&self.verdicts));
        row("accepted", proof.accepted.to_string());
        row("refused by the server", format!("{}, {} handed to the office", proof.refused, self.handed_over));
        row("refused at once", self.refused_at_once.to_string());
        let held = format!("{}, {} taken back, {} wait for the office", self.held, proof.taken_back, proof.waiting);
        row("held behind a refused one", held);
        row("the office meanwhile", format!("{} canceled, {} reassigned", self.canceled, self.reassigned));
        row("reconnects", self.reconnects.to_string());
        if let Some((up, down)) = self.bytes {
            row("bytes", format!("{:.2} MB up, {:.2} MB down", up as f64 / 1e6, down as f64 / 1e6));
        }
        row("pushes", format!("{}, {:.1}/s", self.pushes, self.pushes as f64 / seconds));
        row("server errors", self.server_errors.to_string());
        let compared = format!("{} rows, {} effects", proof.replicas.rows_compared, proof.effects.expected);
        row("compared", compared);
        if proof.effects.unseen_visits > 0 {
            row("visits out of everybody's sight", proof.effects.unseen_visits.to_string());
        }
        row("lost", proof.lost().to_string());
        row("doubled", proof.effects.doubled.to_string());
        row("leaked", proof.replicas.leaked.to_string());
        row("different", proof.replicas.different.to_string());
        row("stuck phones", self.stuck.to_string());
        row("promises", if self.kept() { "kept" } else { "BROKEN" }.to_owned());
        table
    }

    /// One line for programs; times in milliseconds.
    pub fn to_json(&self) -> Value {
        let ms = |times: &[Duration], percent| at(times, percent).as_secs_f64() * 1_000.0;
        let proof = &self.proof;
        json!({
            "kept": self.kept(),
            "seed": self.seed,
            "technicians": self.technicians,
            "took_ms": self.took.as_secs_f64() * 1_000.0,
            "tapped": proof.tapped,
            "tap_p50_ms": ms(&self.taps, 50),
            "tap_p99_ms": ms(&self.taps, 99),
            "verdict_p50_ms": ms(&self.verdicts, 50),
            "verdict_p99_ms": ms(&self.verdicts, 99),
            "accepted": proof.accepted,
            "refused": proof.refused,
            "refused_at_once": self.refused_at_once,
            "handed_over": self.handed_over,
            "held": self.held,
            "quarantined": proof.quarantined,
            "taken_back": proof.taken_back,
            "waiting": proof.waiting,
            "canceled": self.canceled,
            "reassigned": self.reassigned,
            "reconnects": self.reconnects,
            "bytes_up": self.bytes.map(|(up, _)| up),
            "bytes_down": self.bytes.map(|(_, down)| down),
            "pushes": self.pushes,
            "pushes_per_s": self.pushes as f64 / self.took.as_secs_f64(),
            "server_errors": self.server_errors,
            "rows_compared": proof.replicas.rows_compared,
            "effects": proof.effects.expected,
            "unseen_visits": proof.effects.unseen_visits,
            "lost": proof.lost(),
            "doubled": proof.effects.doubled,
            "leaked": proof.replicas.leaked,
            "different": proof.replicas.different,
            "stuck": self.stuck,
        })
    }
}

/// The time below which so many percent of sorted `times` lie; none at all count as zero.
fn at(times: &[Duration], percent: usize) -> Duration {
    let last = times.len().saturating_sub(1);
    times.get((times.len() * percent / 100).min(last)).copied().unwrap_or_default()
}
