//! `satchel-server psql`.

use clap::Args;

use super::{Failure, place::Place};
use crate::config::DataArgs;

#[derive(Args)]
pub(super) struct PsqlArgs {
    #[command(flatten)]
    data: DataArgs,
    /// What psql is told, after --
    #[arg(last = true, value_name = "PSQL_ARGUMENTS")]
    arguments: Vec<String>,
}

/// Hands the terminal to psql, as the owner of the private cluster's database.
pub(super) async fn run(args: PsqlArgs) -> Result<(), Failure> {
    let place = Place::open(&args.data).await?;
    let Some(cluster) = &place.cluster else {
        return Err(Failure::new("this is for the private cluster: with a database of your own, start psql yourself"));
    };
    let mut psql = cluster.command("psql");
    psql.stdin(std::process::Stdio::inherit()).args(args.arguments).arg(cluster.url(super::place::PRIVATE_DATABASE));
    let ended = tokio::task::spawn_blocking(move || psql.status())
        .await
        .map_err(|error| Failure::with_cause("psql broke off", &error))?
        .map_err(|error| Failure::with_cause("cannot start psql", &error))?;
    if ended.success() { Ok(()) } else { Err(Failure::new(format!("psql failed ({ended})"))) }
}
