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
    figures,
    history::History,
    planted::Planted,
    run::{Plan, Tally, run},
    shrink::{live, shrink},
};

/// Histories when nothing else is said.
const RUNS: u64 = 1_000;
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
}

fn main() -> anyhow::Result<ExitCode> {
    let options = options()?;
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
            other => bail!(
                "unknown argument {other}: --runs N, --first-seed S, --save, --json, --stop, --plant BUG, or --seed S [--keep 1,2]"
            ),
        }
    }
    Ok(options)
}

fn folder() -> anyhow::Result<tempfile::TempDir> {
    let base = std::env::var_os("TMPDIR").map_or_else(|| PathBuf::from(MEMORY), PathBuf::from);
    let base = if base.is_dir() { base } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("satchel-simulate-").tempdir_in(base).context("no folder for the phones' files")
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
        None => SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() << 20,
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
