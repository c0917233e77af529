//! A technician's day, told while it happens: real processes, real sockets, real SQLite files, and a proof at the end.
//!
//! Invariants:
//! - Nothing is mocked: the phones are `satchel-terminal` processes, the dispatcher calls the server's API, and one row
//!   is written with psql.
//! - Everything tapped is recorded here, and the proof at the end is held against that record, not against what phones
//!   or server say of themselves.

mod narrator;
mod phone;
mod proof;
mod stage;
mod story;

use std::process::ExitCode;

use clap::Parser;

use crate::{narrator::Narrator, stage::Stage};

/// A technician's day: two phones, a dispatcher, dead zones, a killed phone, and a proof that nothing was lost
#[derive(Parser)]
#[command(name = "satchel-day", version, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 everything arrived exactly once, 1 it did not or the demo failed, 2 wrong usage."
)]
struct Args {
    /// Runs through without waiting for keys, and ends with one line of JSON
    #[arg(long)]
    headless: bool,
    /// What the made-up contractor depends on
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Lines of the contractor's pricebook
    #[arg(long, default_value_t = 4_000)]
    pricebook_items: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    match play(&args).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn play(args: &Args) -> anyhow::Result<bool> {
    let narrator = Narrator::new(args.headless);
    let mut stage = Stage::build(&narrator, args.seed, args.pricebook_items).await?;
    let record = story::tell(&narrator, &mut stage).await?;
    let report = proof::prove(&narrator, &mut stage, &record).await?;
    narrator.verdict(&report);
    if !args.headless {
        stage.leave_running(&narrator).await?;
    }
    Ok(report.holds())
}
