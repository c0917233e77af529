//! A pricebook of any size: services at flat prices, materials by size and maker.

use satchel_domain::tables::{PricebookItem, PricebookKind};
use satchel_protocol::record::UNSAVED;

use super::{random::Random, words::MAKERS};

/// Of five lines, so many are services.
const SERVICES_OF_FIVE: u32 = 2;

const SERVICES: &[(&str, i64)] = &[
    ("Diagnose", 8_900),
    ("Clean", 14_900),
    ("Adjust", 11_900),
    ("Repair", 26_900),
    ("Replace", 48_900),
    ("Install", 72_900),
];

const OBJECTS: &[&str] = &[
    "ignitor",
    "blower motor",
    "condenser fan",
    "heat exchanger",
    "flame sensor",
    "gas valve",
    "thermostat",
    "condensate pump",
    "water heater",
    "kitchen faucet",
    "toilet fill valve",
    "pressure regulator",
    "sump pump",
    "drain line",
    "GFCI outlet",
    "circuit breaker",
    "ceiling fan",
    "smoke detector",
];

const MATERIALS: &[(&str, &str, i64)] = &[
    ("Copper pipe type L", "foot", 480),
    ("PEX tubing", "foot", 95),
    ("Ball valve", "each", 1_850),
    ("Run capacitor", "each", 2_400),
    ("Air filter MERV 11", "each", 1_650),
    ("Contactor 2-pole", "each", 3_900),
    ("Flexible gas connector", "each", 2_750),
    ("THHN wire", "foot", 62),
    ("Circuit breaker", "each", 1_480),
    ("Flue pipe", "foot", 1_120),
    ("Coupling", "each", 340),
    ("Anode rod", "each", 4_600),
    ("Refrigerant line set", "foot", 890),
    ("Wax ring", "each", 780),
];

const SIZES: &[&str] =
    &["3/8 in", "1/2 in", "5/8 in", "3/4 in", "1 in", "1 1/4 in", "1 1/2 in", "2 in", "3 in", "4 in"];

/// `count` lines, codes from 1.
pub(super) fn items(count: u32, random: &mut Random) -> Vec<PricebookItem> {
    (1..=count).map(|number| item(number, random)).collect()
}

fn item(number: u32, random: &mut Random) -> PricebookItem {
    // Rounds through all combinations before a series number tells equal ones apart.
    let round = usize::try_from(number).unwrap_or_default();
    let (kind, code, name, unit, base_cents) = if number % 5 < SERVICES_OF_FIVE {
        let (verb, price_cents) = SERVICES[round % SERVICES.len()];
        let object = OBJECTS[round / SERVICES.len() % OBJECTS.len()];
        let tier = round / (SERVICES.len() * OBJECTS.len()) + 1;
        (PricebookKind::Service, format!("S-{number:05}"), format!("{verb} {object}, tier {tier}"), "each", price_cents)
    } else {
        let (noun, unit, price_cents) = MATERIALS[round % MATERIALS.len()];
        let size = SIZES[round / MATERIALS.len() % SIZES.len()];
        let maker = MAKERS[round / (MATERIALS.len() * SIZES.len()) % MAKERS.len()];
        let series = round / (MATERIALS.len() * SIZES.len() * MAKERS.len()) + 1;
        (
            PricebookKind::Material,
            format!("M-{number:05}"),
            format!("{noun} {size}, {maker} {series}"),
            unit,
            price_cents,
        )
    };
    PricebookItem {
        id: random.id(),
        rev: UNSAVED,
        code,
        name,
        kind,
        unit: unit.to_owned(),
        price_cents: base_cents * random.between(80, 160) / 100,
        active: !random.chance(2),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_both_kinds_occur() {
        let items = items(2_000, &mut Random::new(1));
        let codes: HashSet<&str> = items.iter().map(|item| item.code.as_str()).collect();
        assert_eq!(codes.len(), 2_000);
        let services = items.iter().filter(|item| item.kind == PricebookKind::Service).count();
        assert_eq!(services, 800);
        assert!(items.iter().all(|item| item.price_cents > 0));
    }
}
