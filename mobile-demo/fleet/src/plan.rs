//! Who does what when, and on what network: drawn from the seed alone.
//!
//! Times are those of the days, counted from the beginning of the first; nights take none.

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use crate::options::{Network, Options};

/// Hours that a visit takes with the way there.
const VISIT_H: u32 = 2;
/// Taps that fit into a visit, about: what is waited between them follows from it.
const TAPS_A_VISIT: u32 = 26;
/// Visits in a hundred that the office calls off while they are on somebody's list, and that it gives to somebody else.
const CANCELED_PERCENT: u32 = 4;
const REASSIGNED_PERCENT: u32 = 4;
/// Outages of a patchy network in an hour, and their lengths in minutes.
const PATCHES_AN_HOUR: u32 = 2;
const PATCH_MIN: std::ops::RangeInclusive<u64> = 1..=8;
/// Milliseconds that a network which is not good holds each piece up, each way; those pass at no speed-up.
const DELAY_MS: std::ops::RangeInclusive<u64> = 20..=120;

/// Everything that will happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How long it all takes.
    pub length: Duration,
    /// Visits of each technician on each day.
    pub visits_a_day: usize,
    /// By technician: what is done, in order.
    pub technicians: Vec<Itinerary>,
    /// What the office does meanwhile, in order.
    pub office: Vec<Act>,
}

/// What a technician does, and on what network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Itinerary {
    /// Visits of all days, in order.
    pub visits: Vec<VisitPlan>,
    /// When there is no network, in order.
    pub outages: Vec<Outage>,
    /// How long the network holds each piece up, each way.
    pub delay: Duration,
}

/// What happens on a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitPlan {
    /// When the technician turns to it.
    pub at: Duration,
    /// Between two taps.
    pub pause: Duration,
    /// Lines of material used.
    pub materials: usize,
    /// Whether the first of them is corrected.
    pub corrects: bool,
    /// Sessions of writing on a note.
    pub edits: usize,
}

/// A time without a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Begin.
    pub from: Duration,
    /// End.
    pub until: Duration,
    /// How it shows.
    pub kind: OutageKind,
}

/// How an outage shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutageKind {
    /// The device knows, and says so.
    Told,
    /// Connections break and none opens.
    Cut,
    /// The server hears the phone, but not the other way.
    Deaf,
}

/// Something the office does about a visit on somebody's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: Duration,
    /// On whose list the visit is,
    pub technician: usize,
    /// and where on it.
    pub visit: usize,
    /// What is done.
    pub kind: ActKind,
}

/// What the office does about a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActKind {
    /// Calls the job off.
    Cancel,
    /// Gives the visit to that technician.
    Reassign(usize),
}

impl Plan {
    /// Draws the plan.
    pub fn draw(options: &Options) -> Self {
        let day = hours(options.hours);
        let visits_a_day = (options.hours / VISIT_H).max(1);
        let slot = day / visits_a_day;
        let technicians = (0..options.technicians).map(|number| {
            // Each has a stream of its own: one technician more changes nobody else's days.
            let mut random = StdRng::seed_from_u64(options.seed ^ (u64::from(number) << 32));
            let starts = (0..options.days).flat_map(|on| (0..visits_a_day).map(move |nth| day * on + slot * nth));
            let visits: Vec<VisitPlan> = starts.map(|start| visit(&mut random, start, slot)).collect();
            let outages = match options.network {
                Network::Good => Vec::new(),
                Network::Patchy => patches(&mut random, day * options.days),
                Network::Basement => basements(&mut random, &visits, slot),
            };
            let slow = options.network != Network::Good;
            let delay = if slow { Duration::from_millis(random.random_range(DELAY_MS)) } else { Duration::ZERO };
            Itinerary { visits, outages, delay }
        });
        let technicians: Vec<Itinerary> = technicians.collect();
        let office = office(options.seed, &technicians, slot);
        let visits_a_day = visits_a_day as usize;
        Self { length: day * options.days, visits_a_day, technicians, office }
    }
}

fn hours(count: u32) -> Duration {
    Duration::from_secs(3_600) * count
}

fn visit(random: &mut StdRng, start: Duration, slot: Duration) -> VisitPlan {
    // Nobody begins on the dot, and somebody is always in a hurry.
    let late = slot * random.random_range(0..10) / 100;
    let pause = slot * random.random_range(50..85) / 100 / TAPS_A_VISIT;
    VisitPlan {
        at: start + late,
        pause,
        materials: random.random_range(1..=4),
        corrects: random.random_range(0..100) < 30,
        edits: random.random_range(0..=2),
    }
}

fn kind(random: &mut StdRng) -> OutageKind {
    match random.random_range(0..5) {
        0..2 => OutageKind::Told,
        2..4 => OutageKind::Cut,
        _ => OutageKind::Deaf,
    }
}

/// Short outages all over the days.
fn patches(random: &mut StdRng, length: Duration) -> Vec<Outage> {
    let apart = hours(1) / PATCHES_AN_HOUR;
    let mut outages = Vec::new();
    let mut at = apart * random.random_range(10..90) / 100;
    while at < length {
        let until = at + Duration::from_secs(60) * u32::try_from(random.random_range(PATCH_MIN)).unwrap_or(1);
        outages.push(Outage { from: at, until: until.min(length), kind: kind(random) });
        at = until + apart * random.random_range(40..160) / 100;
    }
    outages
}

/// No network from the arrival to near the end of every visit.
fn basements(random: &mut StdRng, visits: &[VisitPlan], slot: Duration) -> Vec<Outage> {
    let below = visits.iter().map(|visit| {
        let from = visit.at + slot * random.random_range(10..25) / 100;
        let until = visit.at + slot * random.random_range(45..85) / 100;
        Outage { from, until, kind: kind(random) }
    });
    below.collect()
}

fn office(seed: u64, technicians: &[Itinerary], slot: Duration) -> Vec<Act> {
    let mut random = StdRng::seed_from_u64(seed ^ u64::MAX);
    let mut acts = Vec::new();
    for (technician, itinerary) in technicians.iter().enumerate() {
        for (number, visit) in itinerary.visits.iter().enumerate() {
            let kind = match random.random_range(0..100) {
                0..CANCELED_PERCENT => ActKind::Cancel,
                drawn if drawn < CANCELED_PERCENT + REASSIGNED_PERCENT && technicians.len() > 1 => {
                    let other = random.random_range(1..technicians.len());
                    ActKind::Reassign((technician + other) % technicians.len())
                }
                _ => continue,
            };
            // From a while before it is begun until a while after.
            let at = (visit.at + slot * random.random_range(0..60) / 100).saturating_sub(slot / 5);
            acts.push(Act { at, technician, visit: number, kind });
        }
    }
    acts.sort_by_key(|act| act.at);
    acts
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn drawn(flags: &[&str]) -> Plan {
        Plan::draw(&Options::parse_from([&["satchel-fleet"], flags].concat()))
    }

    #[test]
    fn the_same_seed_plans_the_same_days_and_another_seed_others() {
        for network in ["good", "patchy", "basement"] {
            let flags = ["--network", network, "--days", "2", "--seed", "7"];
            assert_eq!(drawn(&flags), drawn(&flags));
            assert_ne!(drawn(&flags), drawn(&["--network", network, "--days", "2", "--seed", "8"]));
        }
        let (few, many) = (drawn(&["--technicians", "2"]), drawn(&["--technicians", "3"]));
        assert_eq!(few.technicians, many.technicians[..2]);
    }

    #[test]
    fn everything_lies_within_the_days_and_in_order() {
        for network in ["good", "patchy", "basement"] {
            let plan = drawn(&["--network", network, "--days", "3", "--hours", "10"]);
            assert_eq!((plan.length, plan.visits_a_day), (hours(30), 5));
            for itinerary in &plan.technicians {
                assert_eq!(itinerary.visits.len(), 15);
                assert!(itinerary.visits.is_sorted_by_key(|visit| visit.at));
                assert_eq!(itinerary.outages.is_empty(), network == "good");
                let mut last = Duration::ZERO;
                for outage in &itinerary.outages {
                    assert!(last <= outage.from && outage.from < outage.until && outage.until <= plan.length);
                    last = outage.until;
                }
            }
            assert!(plan.office.is_sorted_by_key(|act| act.at) && plan.office.iter().all(|act| act.at < plan.length));
        }
    }
}
