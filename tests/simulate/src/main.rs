//! `./dev simulate`: lives through histories made from seeds, shrinks the first that breaks a promise, says how to replay
//! it. The exit code is 0 only if none did.

use std::{
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::Context as _;
use clap::Parser as _;
use satchel_simulate::{
    figures, full,
    history::History,
    planted::Planted,
    run::{Plan, Tally, run},
    shrink::{live, shrink},
};

/// Histories when nothing else is said.
const RUNS: u64 = 1_000;
/// The same for histories of real processes.
const FULL_RUNS: u64 = 20;
/// Histories of real processes at a time.
const FULL_AT_A_TIME: usize = 4;
/// Where files live in memory, on systems that have it: what is synced then costs nothing.
const MEMORY: &str = "/dev/shm";

/// Lives through histories in which phones, wires and server fail, made from seeds; shrinks the first that breaks a promise.
/// The exit code is 0 only if none did.
#[derive(Debug, clap::Parser)]
#[command(name = "./dev simulate")]
struct Options {
    /// How many histories [default: 1000, with --full 20]
    #[arg(long, value_name = "N")]
    runs: Option<u64>,
    /// One history again, told step by step
    #[arg(long, conflicts_with_all = ["runs", "first_seed"])]
    seed: Option<u64>,
    /// The seed of the first history; by the clock otherwise
    #[arg(long, value_name = "SEED")]
    first_seed: Option<u64>,
    /// Of that history, these steps alone
    #[arg(long, value_name = "STEPS", value_delimiter = ',', requires = "seed")]
    keep: Option<Vec<usize>>,
    /// A bug to plant in phone or server, which has to be found
    #[arg(long = "plant", value_name = "BUG", value_parser = planted, conflicts_with = "full")]
    planted: Option<Planted>,
    /// Writes what came of it into docs/figures.md
    #[arg(long)]
    save: bool,
    /// One JSON object instead of a table
    #[arg(long, conflicts_with = "full")]
    json: bool,
    /// Ends with the first broken promise
    #[arg(long)]
    stop: bool,
    /// Real processes: server, phones and Postgres
    #[arg(long)]
    full: bool,
    /// Histories of real processes at a time; most of what they do is wait
    #[arg(long, value_name = "N", requires = "full", default_value_t = FULL_AT_A_TIME)]
    at_a_time: usize,
}

fn planted(name: &str) -> Result<Planted, String> {
    let known = || Planted::ALL.map(|planted| planted.to_string()).join(", ");
    Planted::named(name).ok_or_else(|| format!("there are {}", known()))
}

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    if options.full {
        return processes(&options);
    }
    // A panic is caught and counted; its seed says more than its trace.
    std::panic::set_hook(Box::new(|_| {}));
    let folder = folder()?;
    match options.seed {
        Some(seed) => replay(seed, &options, folder.path()),
        None => many(&options, folder.path()),
    }
}

fn memory() -> PathBuf {
    let base = std::env::var_os("TMPDIR").map_or_else(|| PathBuf::from(MEMORY), PathBuf::from);
    if base.is_dir() { base } else { std::env::temp_dir() }
}

fn folder() -> anyhow::Result<tempfile::TempDir> {
    let base = memory();
    tempfile::Builder::new().prefix("satchel-simulate-").tempdir_in(base).context("no folder for the phones' files")
}

/// Histories of real processes, or one of them again.
fn processes(options: &Options) -> anyhow::Result<ExitCode> {
    let folder = folder()?;
    let (first_seed, runs) = match (options.seed, options.first_seed) {
        (Some(seed), _) => (seed, 1),
        (None, Some(seed)) => (seed, options.runs.unwrap_or(FULL_RUNS)),
        (None, None) => (clock_seed()?, options.runs.unwrap_or(FULL_RUNS)),
    };
    let plan = full::Options {
        programs: full::Programs::beside(&std::env::current_exe()?)?,
        first_seed,
        runs,
        keep: options.keep.clone(),
        at_a_time: options.at_a_time.min(usize::try_from(runs)?),
        recovery_most_ms: full::RECOVERY_MOST_MS,
        stop_when_broken: options.stop,
        base: folder.path().to_owned(),
        postgres_base: memory(),
    };
    if options.seed.is_some() {
        let told = plan.plan(first_seed);
        say(&format!(
            "seed {first_seed}: phones of technicians {:?}, things go wrong early: {}",
            told.owners, told.early
        ))?;
        for (place, (at_ms, step)) in told.steps.iter().enumerate() {
            say(&format!("  {place:>3}  {at_ms:>5} ms  {step:?}"))?;
        }
    }
    let began = Instant::now();
    let tally = full::run(&plan, |tally, seed, lived| {
        let how = match (&lived.broken, lived.recovery_ms) {
            (Some(broken), _) => format!("{}: {}", broken.promise.word(), broken.how),
            (None, recovery) => format!("kept every promise; at rest after {} ms", recovery.unwrap_or_default()),
        };
        let _ = writeln!(std::io::stderr(), "{:>4} of {runs}  seed {seed} {how}", tally.runs);
    })?;
    let took = began.elapsed();
    write!(std::io::stdout(), "{}", tally.text(took))?;
    if options.save {
        figures::save_full(&tally, first_seed, took)?;
        say("written to docs/figures.md")?;
    }
    for seed in tally.broken.keys() {
        say(&format!("the same plan again: ./dev simulate --full --seed {seed}"))?;
    }
    Ok(if tally.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn clock_seed() -> anyhow::Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() << 20)
}

/// One history again, told step by step.
fn replay(seed: u64, options: &Options, base: &Path) -> anyhow::Result<ExitCode> {
    let whole = History::of(seed);
    let history = options.keep.as_ref().map_or_else(|| whole.clone(), |keep| whole.only(keep));
    let lived = live(&history, base, options.planted)?;
    match lived.broken {
        None => {
            tell(&whole, &(0..history.steps.len()).collect::<Vec<_>>(), options)?;
            say(&format!("every promise was kept; at rest {} ms after healing", lived.recovery_ms))?;
            Ok(ExitCode::SUCCESS)
        }
        Some(broken) if options.keep.is_some() => {
            tell(&whole, options.keep.as_deref().unwrap_or_default(), options)?;
            say(&format!("{}: {}", broken.promise.word(), broken.how))?;
            Ok(ExitCode::FAILURE)
        }
        Some(broken) => {
            explain(seed, &whole, broken, options, base)?;
            Ok(ExitCode::FAILURE)
        }
    }
}

fn many(options: &Options, base: &Path) -> anyhow::Result<ExitCode> {
    let first_seed = match options.first_seed {
        Some(seed) => seed,
        None => clock_seed()?,
    };
    let runs = options.runs.unwrap_or(RUNS);
    let began = Instant::now();
    let plan = Plan { first_seed, runs, planted: options.planted, stop_when_broken: options.stop, base };
    let terminal = std::io::stderr().is_terminal();
    let tally = run(&plan, |done, broken| {
        if terminal && done % 16 == 0 || done % 1_000 == 0 || done == runs {
            let end = if terminal && done < runs { '\r' } else { '\n' };
            let seconds = began.elapsed().as_secs_f64();
            let line = format!("{done} of {runs} histories, {broken} broken, {:.0} a second", done as f64 / seconds);
            let _ = write!(std::io::stderr(), "{line}{end}");
        }
    })?;
    let took = began.elapsed();
    writeln!(
        std::io::stdout(),
        "{}",
        if options.json { figures::json(&tally, first_seed, took) } else { figures::text(&tally, took) }
    )?;
    if options.save {
        figures::save(&tally, first_seed, took)?;
        say("written to docs/figures.md")?;
    }
    let Tally { broken, .. } = tally;
    for (seed, broken) in broken.iter().take(20) {
        say(&format!("seed {seed}: {}: {}", broken.promise.word(), broken.how))?;
    }
    match broken.into_iter().next() {
        None => Ok(ExitCode::SUCCESS),
        Some((seed, broken)) => {
            explain(seed, &History::of(seed), broken, options, base)?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Shrinks a failing history and tells what is left.
fn explain(
    seed: u64,
    history: &History,
    broken: satchel_simulate::record::Broken,
    options: &Options,
    base: &Path,
) -> anyhow::Result<()> {
    say(&format!("seed {seed}: shrinking {} steps", history.steps.len()))?;
    let (keep, broken) = shrink(history, base, options.planted, broken)?;
    tell(history, &keep, options)?;
    say(&format!("{}: {}", broken.promise.word(), broken.how))?;
    let places: Vec<String> = keep.iter().map(usize::to_string).collect();
    let plant = options.planted.map(|planted| format!(" --plant {planted}")).unwrap_or_default();
    say(&format!("replay: ./dev simulate --seed {seed} --keep {}{plant}", places.join(",")))
}

fn tell(history: &History, keep: &[usize], _options: &Options) -> anyhow::Result<()> {
    say(&format!(
        "seed {}: {} users, {} phones, pages of {} rows, {} rows in a phone's transaction",
        history.seed, history.users, history.phones, history.page_rows, history.transaction_rows
    ))?;
    for place in keep {
        if let Some((at_ms, step)) = history.steps.get(*place) {
            say(&format!("  {place:>3}  {at_ms:>7} ms  {step:?}"))?;
        }
    }
    Ok(())
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stderr(), "{line}")?;
    Ok(())
}
