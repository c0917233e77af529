//! `satchel-server seed`.

use clap::Args;
use jiff::civil::Date;

use super::{Failure, output, place::Place};
use crate::{
    auth::password::Cost,
    config::DataArgs,
    seed::{SeedOptions, Seeded, SeededUser},
};

#[derive(Args)]
pub(super) struct SeedArgs {
    /// Organizations
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    organizations: u32,
    /// Technicians of each organization
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=5_000))]
    technicians: u32,
    /// Jobs of each technician: four today, the others spread over two weeks back and ahead
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    jobs_per_technician: u32,
    /// Rows of each pricebook, items and their parts; 23500 is typical
    #[arg(long, default_value_t = 1_500, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pricebook_items: u32,
    /// What everything made up depends on; another seed adds other organizations
    #[arg(long, default_value_t = SeedOptions::DEFAULT_SEED)]
    seed: u64,
    /// The day that visits are relative to [default: today where the first organization is]
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// The password of everybody made up
    #[arg(long, env = "SATCHEL_SEED_PASSWORD", hide_env_values = true, default_value = SeedOptions::DEFAULT_PASSWORD)]
    password: String,
    /// Prints everything that was made as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(args: SeedArgs) -> Result<(), Failure> {
    let place = Place::open(&args.data).await?;
    let options = SeedOptions {
        organizations: args.organizations,
        technicians: args.technicians,
        jobs_per_technician: args.jobs_per_technician,
        pricebook_items: args.pricebook_items,
        seed: args.seed,
        today: args.today.unwrap_or_else(crate::seed::today),
        password: args.password,
        password_cost: Cost::Standard,
    };
    let seeded = crate::seed::seed(&place.admin, &options).await?;
    if args.json { output::json(&seeded) } else { output::line(&summary(&seeded)) }
}

/// What a person wants to know: how much there is, and how to sign in.
fn summary(seeded: &Seeded) -> String {
    let mut lines = vec![format!("Seed {} as of {}:", seeded.seed, seeded.today)];
    for (table, rows) in &seeded.rows {
        lines.push(format!("  {rows:>9}  {table}"));
    }
    for organization in &seeded.organizations {
        lines.push(String::new());
        lines.push(format!("{} (X-Org-Id: {})", organization.name, organization.org_id));
        let dispatcher = organization.user("dispatcher");
        let technicians = organization.users.iter().filter(|user| user.technician_id.is_some());
        for user in dispatcher.into_iter().chain(technicians.take(2)) {
            lines.push(format!("  {:<40}  {}", user.email, user.roles.join(", ")));
        }
        lines.push(format!("  and {} more (--json lists all)", organization.users.len().saturating_sub(3)));
    }
    let default = seeded.organizations.iter().flat_map(|organization| &organization.users).all(is_default);
    let password = if default { SeedOptions::DEFAULT_PASSWORD } else { "the one you gave" };
    lines.push(format!("\nEverybody's password: {password}"));
    lines.join("\n")
}

/// The default is no secret; any other password is.
fn is_default(user: &SeededUser) -> bool {
    user.password == SeedOptions::DEFAULT_PASSWORD
}
