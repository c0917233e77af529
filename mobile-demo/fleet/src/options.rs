//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Technicians at most.
pub const TECHNICIANS: u32 = 2_000;
/// Days at most: a phone holds two weeks of work, and half of what is made up lies behind.
pub const DAYS: u32 = 7;
/// Hours a day has at most.
pub const HOURS: u32 = 16;
/// The highest speed-up.
pub const SPEEDUP: u32 = 100_000;

/// Many simulated phones, for load, capacity planning and demonstrations
#[derive(Clone, Debug, Parser)]
#[command(name = "satchel-fleet", version, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 every promise was kept, 1 something was lost, doubled, leaked, left different or \
                        stuck, or the run failed, 2 wrong usage."
)]
pub struct Options {
    /// Technicians, each with a phone
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=i64::from(TECHNICIANS)))]
    pub technicians: u32,
    /// How many times faster than life the days pass
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=i64::from(SPEEDUP)))]
    pub speedup: u32,
    /// Working days; the nights between are skipped
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=i64::from(DAYS)))]
    pub days: u32,
    /// Hours of a day
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..=i64::from(HOURS)))]
    pub hours: u32,
    /// What the phones' networks are like
    #[arg(long, value_enum, default_value_t = Network::Patchy)]
    pub network: Network,
    /// What the contractor, and what everybody does and when, depend on
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Lines of the made-up contractor's pricebook; 23500 is typical
    #[arg(long, default_value_t = 1_500, conflicts_with = "server")]
    pub pricebook_items: u32,
    /// A server that runs, instead of a private one; it must be seeded
    #[arg(long, value_name = "URL", requires = "people")]
    pub server: Option<String>,
    /// Who can sign in there: what `satchel-server seed --json` printed
    #[arg(long, value_name = "FILE", requires = "server")]
    pub people: Option<PathBuf>,
    /// Ends with one line of JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// The quality of the networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Network {
    /// Always there, at once.
    Good,
    /// Slow, and gone for some minutes again and again.
    Patchy,
    /// Slow, and gone while a technician is at work.
    Basement,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_flags_are_sound_and_a_server_needs_its_people() {
        Options::command().debug_assert();
        let options = Options::try_parse_from(["satchel-fleet", "--network", "basement"]).unwrap();
        assert_eq!((options.technicians, options.speedup, options.network), (10, 600, Network::Basement));
        for wrong in [&["--server", "http://here"][..], &["--technicians", "0"], &["--days", "8"], &["--hours", "17"]] {
            assert!(Options::try_parse_from([&["satchel-fleet"], wrong].concat()).is_err(), "{wrong:?}");
        }
    }
}
