//! The command line.
//!
//! Exit codes: 0 done, 1 failed (one sentence on standard error says why and what to do), 2 wrong usage.
//! Results go to standard output, everything else to standard error. Secrets and URLs are never printed.

mod failure;
mod feed;
mod import;
mod migrate;
mod output;
mod place;
mod psql;
mod rescue;
mod seed;
mod serve;

use std::{io::IsTerminal as _, process::ExitCode};

use clap::{Args, Parser, Subcommand, ValueEnum};
use tracing_subscriber::EnvFilter;

pub use self::failure::Failure;
use crate::policy::Policy;

/// Offline-first field work: sync server and its tools
#[derive(Parser)]
#[command(name = "satchel-server", version, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 wrong usage.")]
struct Cli {
    #[command(flatten)]
    logging: Logging,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves phones and web clients
    Serve(serve::ServeArgs),
    /// Brings the database to this version's schema
    Migrate(migrate::MigrateArgs),
    /// Fills the database with made-up contractors, the same for the same seed and day
    Seed(seed::SeedArgs),
    /// Brings data in from elsewhere
    #[command(subcommand)]
    Import(Import),
    /// Repairs the change feed
    #[command(subcommand)]
    Feed(Feed),
    /// Takes in work that a phone could not send itself
    #[command(subcommand)]
    Rescue(rescue::Rescue),
    /// Opens psql on the private cluster's database, as its owner, bound by no policy
    Psql(psql::PsqlArgs),
    /// Prints the OpenAPI document
    Openapi,
}

#[derive(Subcommand)]
enum Feed {
    /// Tells the phones of every row of a table, as if each had just been written
    Touch(feed::TouchArgs),
}

#[derive(Subcommand)]
enum Import {
    /// Imports jobs from a CSV file with a header; every row is imported or refused with line and reason
    Jobs(Box<import::JobsArgs>),
}

#[derive(Args)]
#[command(next_help_heading = "Logging")]
struct Logging {
    /// What is logged, as tracing's filters are spelled: warn, info, satchel_server=debug
    #[arg(long, env = "SATCHEL_LOG", default_value = "info,sqlx=warn", global = true, value_name = "FILTER")]
    log: String,
    /// How it is spelled
    #[arg(long, env = "SATCHEL_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    log_format: LogFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    // Answers --help and --version, and leaves with 2 when the usage is wrong.
    let cli = Cli::parse();
    if let Err(failure) = logging(&cli.logging) {
        return failure.report();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::with_cause("cannot start the runtime", &error).report(),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(args) => serve::run(args).await,
        Command::Migrate(args) => migrate::run(args).await,
        Command::Psql(args) => psql::run(args).await,
        Command::Seed(args) => seed::run(args).await,
        Command::Feed(Feed::Touch(args)) => feed::run(args).await,
        Command::Import(Import::Jobs(args)) => import::run(*args).await,
        Command::Rescue(command) => rescue::run(command).await,
        Command::Openapi => {
            let registry = &satchel_domain::REGISTRY;
            output::json(&crate::openapi::document(registry, &Policy::load(registry)?))
        }
    }
}

fn logging(options: &Logging) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&options.log)
        .map_err(|_| Failure::new("--log is not a filter: use error, warn, info, debug, or target=level"))?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match options.log_format {
        LogFormat::Text => subscriber.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => subscriber.json().init(),
    }
    Ok(())
}
