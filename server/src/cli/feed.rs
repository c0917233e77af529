//! `satchel-server feed touch`.

use clap::Args;

use super::{Failure, output, place::Place};
use crate::{config::DataArgs, feed::touch};

#[derive(Args)]
#[command(after_help = "\
For the admin, after logical replication into the table, or after its triggers were off: every row gets a new revision,
and every phone that holds it gets it again. Rows that were deleted unseen are found by `select satchel.begin_history()`,
which makes every phone compare checksums.")]
pub(super) struct TouchArgs {
    /// The synced table
    table: String,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(args: TouchArgs) -> Result<(), Failure> {
    let place = Place::open(&args.data).await?;
    let rows = touch::touch(&place.admin, &satchel_domain::REGISTRY, &args.table).await?;
    output::line(&format!("Touched {rows} rows of {}: every phone that holds them gets them again.", args.table))
}
