//! `satchel-terminal`: see the library.

use std::process::ExitCode;

use clap::Parser as _;
use satchel_terminal::{commands, options::Options, screen};

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = if options.commands { commands::run(&options).await } else { screen::run(&options).await };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("satchel-terminal: {error:#}");
            ExitCode::FAILURE
        }
    }
}
