//! `satchel-fleet`.

use std::{io::Write as _, process::ExitCode};

use clap::Parser as _;
use satchel_fleet::{Fleet, Options, Progress, Summary};

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options).await {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs it all; the exit code by the promises.
async fn run(options: &Options) -> anyhow::Result<u8> {
    let progress = Progress::new();
    progress.say(&format!("Seed {}: the same seed plans the same days.", options.seed));
    let mut fleet = Fleet::gather(options, &progress).await?;
    let life = fleet.live(&progress).await?;
    let proof = fleet.prove(&life.record, &progress).await?;
    let summary = Summary::new(options, &life, &proof);
    let text = if options.json { format!("{}\n", summary.to_json()) } else { summary.table() };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(summary.exit_code())
}
