//! The full gear: histories of real processes. `satchel-server` on a real Postgres, a `satchel-terminal` for each phone
//! over real files, a proxy before each; killed, frozen, cut off, copied and restored while people tap.
//!
//! Invariants:
//! - A seed makes the same plan each time. What processes make of it is up to the system's scheduler and is not repeated.
//! - What is checked at the end is checked against the simulator's own record, rows in Postgres, and row-level security.
//!
//! Reading order: [`plan`] → [`site`], [`server`], [`phone`], [`office`] → [`life`] → [`faults`], [`acts`] → [`heal`] →
//! [`judge`] → [`tally`].

mod acts;
mod faults;
mod heal;
mod judge;
mod life;
mod office;
mod phone;
mod plan;
mod record;
mod server;
mod site;
mod tally;

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use futures_util::FutureExt as _;
use tokio::{runtime::Runtime, time::timeout};

use self::{life::Life, site::Site};
use crate::record::{Broken, Promise};

pub use self::{
    plan::Plan,
    tally::{RECOVERY_MOST_MS, Tally},
};

/// Seconds after which a history that is still going on is given up: each of its waits is shorter.
const HISTORY_MOST_S: u64 = 300;

/// The programs whose processes take part.
#[derive(Clone, Debug)]
pub struct Programs {
    /// `satchel-server`.
    pub server: PathBuf,
    /// `satchel-terminal`.
    pub phone: PathBuf,
}

impl Programs {
    /// Those beside `program`, as cargo puts them.
    ///
    /// # Errors
    /// When one is missing; the message says how to make it.
    pub fn beside(program: &Path) -> anyhow::Result<Self> {
        let folder = program.parent().context("a program is in a folder")?;
        let found = |name: &str| {
            let path = folder.join(name);
            ensure!(path.is_file(), "{} is missing: cargo build --workspace makes it", path.display());
            Ok(path)
        };
        Ok(Self { server: found("satchel-server")?, phone: found("satchel-terminal")? })
    }
}

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The programs.
    pub programs: Programs,
    /// The first seed.
    pub first_seed: u64,
    /// How many seeds.
    pub runs: u64,
    /// Only these steps of each plan.
    pub keep: Option<Vec<usize>>,
    /// Histories at a time, each with a Postgres of its own.
    pub at_a_time: usize,
    /// Milliseconds from mended wires to rest, beyond which a history broke a promise.
    pub recovery_most_ms: u64,
    /// Whether the first broken promise ends it.
    pub stop_when_broken: bool,
    /// Where phones' files are made.
    pub base: PathBuf,
    /// Where Postgres' files are made: as root its account must be able to enter.
    pub postgres_base: PathBuf,
}

/// What came of a history.
#[derive(Debug, Default)]
pub struct Lived {
    /// The broken promise, if one was.
    pub broken: Option<Broken>,
    /// Faults that took place, by name.
    pub injected: std::collections::BTreeMap<&'static str, u64>,
    /// Milliseconds from mended wires to rest.
    pub recovery_ms: Option<u64>,
    /// Milliseconds each tap took to be durable.
    pub tap_ms: Vec<u64>,
    /// Rows compared between phones and Postgres.
    pub rows: usize,
    /// What everybody waited for last.
    pub waited_for: String,
}

impl Options {
    /// The plan of a seed, as far as its steps are kept.
    pub fn plan(&self, seed: u64) -> Plan {
        let plan = Plan::of(seed);
        self.keep.as_ref().map_or_else(|| plan.clone(), |keep| plan.only(keep))
    }
}

/// Lives through the histories of the options. `progress` hears how each ended.
///
/// # Errors
/// When Postgres cannot be started or files cannot be made.
pub fn run(options: &Options, mut progress: impl FnMut(&Tally, u64, &Lived)) -> anyhow::Result<Tally> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let (tell, told) = mpsc::channel();
    let mut tally = Tally::default();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..options.at_a_time.max(1))
            .map(|_| {
                let (runtime, next, stop, tell) = (&runtime, &next, &stop, tell.clone());
                scope.spawn(move || work(options, runtime, next, stop, &tell))
            })
            .collect();
        drop(tell);
        for (seed, lived) in told {
            tally.add(seed, &lived);
            progress(&tally, seed, &lived);
        }
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })?;
    Ok(tally)
}

/// One history after the other, until there are no more.
fn work(
    options: &Options,
    runtime: &Runtime,
    next: &AtomicU64,
    stop: &AtomicBool,
    tell: &mpsc::Sender<(u64, Lived)>,
) -> anyhow::Result<()> {
    let mut site = None;
    while !stop.load(Ordering::Relaxed) {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= options.runs {
            break;
        }
        let seed = options.first_seed + number;
        let here = match site.take() {
            Some(here) => here,
            None => runtime.block_on(Site::start(&options.postgres_base))?,
        };
        let lived = runtime.block_on(live(options, seed, &here));
        // One that was left in the middle of something is not built on.
        if lived.broken.is_none() {
            site = Some(here);
        } else if options.stop_when_broken {
            stop.store(true, Ordering::Relaxed);
        }
        if tell.send((seed, lived)).is_err() {
            break;
        }
    }
    Ok(())
}

/// Lives through one history. Whatever fails, fails the history.
async fn live(options: &Options, seed: u64, site: &Arc<Site>) -> Lived {
    let life = AssertUnwindSafe(lived(options, seed, site)).catch_unwind();
    let mut lived = match timeout(Duration::from_secs(HISTORY_MOST_S), life).await {
        Ok(Ok(Ok(lived))) => lived,
        Ok(Ok(Err(error))) => given_up(Promise::Panicked, format!("{error:#}")),
        Ok(Err(panic)) => given_up(Promise::Panicked, crate::shrink::text_of(panic.as_ref())),
        Err(_) => given_up(Promise::Wedged, "the history does not end".to_owned()),
    };
    let most_ms = options.recovery_most_ms;
    if lived.broken.is_none() && lived.recovery_ms.is_some_and(|took_ms| took_ms > most_ms) {
        let took_ms = lived.recovery_ms.unwrap_or_default();
        let how = format!("at rest {took_ms} ms after wires were mended; last, {}", lived.waited_for);
        lived.broken = Some(Broken::new(Promise::Late, how));
    }
    lived
}

async fn lived(options: &Options, seed: u64, site: &Arc<Site>) -> anyhow::Result<Lived> {
    let mut life = Life::begin(options.plan(seed), site.clone(), &options.programs, &options.base).await?;
    let rest = through(&mut life).await;
    let mut lived = Lived {
        broken: life.broken.take(),
        injected: std::mem::take(&mut life.injected),
        tap_ms: std::mem::take(&mut life.record.tap_ms),
        ..Lived::default()
    };
    match rest {
        Ok(Some(rest)) => {
            (lived.recovery_ms, lived.rows, lived.waited_for) = (Some(rest.took_ms), rest.rows, rest.waited_for);
        }
        Ok(None) => {}
        Err(error) => {
            lived.broken.get_or_insert(Broken::new(Promise::Panicked, format!("{error:#}")));
        }
    }
    life.end().await;
    Ok(lived)
}

async fn through(life: &mut Life) -> anyhow::Result<Option<heal::Rest>> {
    life.live().await?;
    if life.broken.is_some() {
        return Ok(None);
    }
    let rest = life.heal().await?;
    if rest.is_some() {
        life.judge().await?;
    }
    Ok(rest)
}

fn given_up(promise: Promise, how: String) -> Lived {
    Lived { broken: Some(Broken::new(promise, how)), ..Lived::default() }
}
