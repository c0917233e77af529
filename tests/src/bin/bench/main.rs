//! The figures of `docs/figures.md`: phone, server and Postgres on one machine, each beside the raw database doing the
//! same work in the same run. `./dev bench` runs it; `--save` also writes the page.

mod first_sync;
mod mutations;
mod propagation;
mod reconnect;
mod table;
mod world;

use std::io::Write as _;

use table::Table;
use world::World;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let save = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--save") => true,
        Some(other) => anyhow::bail!("unknown argument {other}: only --save is known"),
    };
    tell("starting Postgres, seeding a contractor whose technicians hold some 28,000 rows")?;
    let world = World::new().await?;
    let mut table = Table::default();
    tell("first sync")?;
    let phone = first_sync::run(&world, &mut table).await?;
    tell("mutations: entered offline, then sent")?;
    mutations::run(&world, &phone, &mut table).await?;
    tell("propagation from phone to phone")?;
    propagation::run(&world, &phone, &mut table).await?;
    tell("reconnect with nothing new")?;
    reconnect::run(&world, &phone, &mut table).await?;
    let page = table.page();
    writeln!(std::io::stdout(), "{page}")?;
    if save {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/figures.md");
        std::fs::write(path, page)?;
        tell("written to docs/figures.md")?;
    }
    Ok(())
}

fn tell(step: &str) -> std::io::Result<()> {
    writeln!(std::io::stderr(), "== {step}")
}
