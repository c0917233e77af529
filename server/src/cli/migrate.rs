//! `satchel-server migrate`.

use clap::Args;

use super::{Failure, output, place::Place};
use crate::{config::DataArgs, migrate};

#[derive(Args)]
pub(super) struct MigrateArgs {
    /// Gives the server's login role satchel_service this password; without it the role keeps the one it has
    #[arg(long, env = "SATCHEL_SERVICE_PASSWORD", hide_env_values = true, value_name = "PASSWORD")]
    service_password: Option<String>,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(args: MigrateArgs) -> Result<(), Failure> {
    let place = Place::locate(&args.data).await?;
    let report = migrate::migrate(&place.admin, args.service_password.as_deref()).await?;
    output::line(&match report.applied.len() {
        0 => format!("Nothing to do: the database is at migration {}.", report.version),
        1 => format!("Applied 1 migration: the database is at {} now.", report.version),
        applied => format!("Applied {applied} migrations: the database is at {} now.", report.version),
    })
}
