//! `./dev simulate`: lives through histories made from seeds, shrinks the first that breaks a promise, says how to replay
//! it. The exit code is 0 only if none did.

use std::{
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, bail};
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
/// Histories of real processes at a time; most of what they do is wait.
const FULL_AT_A_TIME: usize = 4;
/// Where files live in memory, on systems that have it: what is synced then costs nothing.
const MEMORY: &str = "/dev/shm";

#[derive(Debug, Default)]
struct Options {
    runs: Option<u64>,
    seed: Option<u64>,
    first_seed: Option<u64>,
    keep: Option<Vec<usize>>,
    planted: Option<Planted>,
    save: bool,
    json: bool,
    stop: bool,
    full: bool,
    at_a_time: Option<usize>,
}

fn main() -> anyhow::Result<ExitCode> {
    let options = options()?;
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

fn options() -> anyhow::Result<Options> {
    let mut options = Options::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("{argument} takes a value"));
        match argument.as_str() {
            "--runs" => options.runs = Some(value()?.parse().context("--runs takes a number")?),
            "--seed" => options.seed = Some(value()?.parse().context("--seed takes a number")?),
            "--first-seed" => options.first_seed = Some(value()?.parse().context("--first-seed takes a number")?),
            "--keep" => {
                let places = value()?.split(',').map(str::parse).collect::<Result<_, _>>();
                options.keep = Some(places.context("--keep takes places of steps, with commas between")?);
            }
            "--plant" => {
                let name = value()?;
                let known = || Planted::ALL.map(|planted| planted.to_string()).join(", ");
                options.planted =
                    Some(Planted::named(&name).with_context(|| format!("no bug {name}; there are {}", known()))?);
            }
            "--save" => options.save = true,
            "--json" => options.json = true,
            "--stop" => options.stop = true,
            "--full" => options.full = true,
            "--at-a-time" => options.at_a_time = Some(value()?.parse().context("--at-a-time takes a number")?),
            other => bail!(
                "unknown argument {other}: --runs N, --first-seed S, --save, --json, --stop, --plant BUG, or --seed S \
                 [--keep 1,2]; with --full: --runs N, --first-seed S, --save, --stop, --at-a-time N, or --seed S [--keep 1,2]"
            ),
        }
    }
    if options.full && (options.planted.is_some() || options.json) {
        bail!("--plant and --json are of the fast gear");
    }
    Ok(options)
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
        at_a_time: options.at_a_time.unwrap_or(FULL_AT_A_TIME).min(usize::try_from(runs)?),
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
