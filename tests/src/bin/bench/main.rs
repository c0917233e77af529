//! The figures of `docs/figures.md`: phone, server and Postgres on one machine, each beside the raw database doing the
//! same work in the same run. `./dev bench` runs it; `--save` also writes the page.

mod first_sync;
mod mutations;
mod opening;
mod propagation;
mod reconnect;
mod table;
mod world;

use std::io::Write as _;

use table::Table;
use world::World;

/// What can be measured by itself.
const PARTS: [&str; 5] = ["first-sync", "mutations", "propagation", "reconnect", "opening"];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    if std::env::args().nth(1).as_deref() == Some(opening::CHILD) {
        writeln!(std::io::stdout(), "{}", opening::child(arguments.skip(1))?)?;
        return Ok(());
    }
    let mut save = false;
    let mut parts = Vec::new();
    for argument in arguments.by_ref() {
        match argument.as_str() {
            "--save" => save = true,
            part if PARTS.contains(&part) => parts.push(argument),
            other => anyhow::bail!("unknown argument {other}: --save, or some of {}", PARTS.join(", ")),
        }
    }
    anyhow::ensure!(!save || parts.is_empty(), "--save takes all parts: the page is written anew");
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    tell("starting Postgres, seeding a contractor whose technicians hold some 28,000 rows")?;
    let world = World::new().await?;
    let mut table = Table::default();
    let phone = world.synced_phone(0).await?;
    if wanted("first-sync") {
        tell("first sync")?;
        first_sync::run(&world, &mut table).await?;
    }
    if wanted("mutations") {
        tell("mutations: entered offline, then sent")?;
        mutations::run(&world, &phone, &mut table).await?;
    }
    if wanted("propagation") {
        tell("propagation from phone to phone")?;
        propagation::run(&world, &phone, &mut table).await?;
    }
    if wanted("reconnect") {
        tell("reconnect with nothing new")?;
        reconnect::run(&world, &phone, &mut table).await?;
    }
    if wanted("opening") {
        tell("cold starts, with replicas of 28,000 and of 200,000 rows")?;
        opening::run(&world, &mut table).await?;
    }
    let page = table.page();
    writeln!(std::io::stdout(), "{page}")?;
    if save {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/figures.md");
        // Below it stands what `./dev simulate --save` wrote.
        let before = std::fs::read_to_string(path)?;
        let rest = before.find("<!-- simulate").map(|at| format!("\n{}", &before[at..])).unwrap_or_default();
        std::fs::write(path, page + &rest)?;
        tell("written to docs/figures.md")?;
    }
    Ok(())
}

fn tell(step: &str) -> std::io::Result<()> {
    writeln!(std::io::stderr(), "== {step}")
}
