//! A pricebook of any size: services made of parts, materials by size and maker, headings, costs and a price list.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use satchel_domain::{
    rules::money::{Cents, Percent},
    tables::{
        Branch, PricebookCategory, PricebookComponent, PricebookCost, PricebookItem, PricebookKind, PricebookPrice,
        PricebookVersion, TaxClass, TaxRate, VersionState,
    },
};
use satchel_protocol::{Id, record::UNSAVED};
use uuid::Uuid;

use super::{SeedError, random::Random, words::MAKERS};
use crate::bulk::Batch;

/// Of a thousand rows of a pricebook, so many are materials,
const MATERIALS_PER_MILLE: u32 = 215;
/// and so many services; the others are parts of services.
const SERVICES_PER_MILLE: u32 = 142;
/// Of so many services there is one bundle of two.
const SERVICES_PER_BUNDLE: usize = 40;
/// Items in a hundred that the price list of the season names.
const LISTED_PERCENT: i64 = 4;
/// What an item costs the contractor, in a hundred parts of its price, at least and at most.
const COST_PERCENT: (i64, i64) = (30, 70);
/// Days for which the price list of the season has been in force.
const LIST_AGE_DAYS: i32 = 60;
/// Sales tax by class: ten-thousandths of a percent.
pub(super) const TAXES: &[(TaxClass, i64)] = &[(TaxClass::Standard, 82_500), (TaxClass::Reduced, 40_000)];

const CATEGORIES: &[(&str, &[&str])] = &[
    ("Services", &["Heating", "Cooling", "Plumbing", "Electrical"]),
    ("Materials", &["Pipe and fittings", "Parts", "Wire and breakers"]),
    ("Labour", &[]),
    ("Bundles", &[]),
];

const LABOUR: &[(&str, i64)] = &[("Technician", 13_500), ("Apprentice", 7_500), ("Technician after hours", 19_500)];

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

/// What jobs are sold from.
pub(super) struct Pricebook {
    pub(super) materials: Vec<PricebookItem>,
    pub(super) services: Vec<PricebookItem>,
}

/// Adds a pricebook to the batch: about `rows` rows that a technician holds, and a cost for each item.
pub(super) fn write(
    org_id: Uuid,
    branches: &[Id<Branch>],
    rows: u32,
    today: Date,
    random: &mut Random,
    batch: &mut Batch,
) -> Result<Pricebook, SeedError> {
    for branch_id in branches {
        for (tax_class, rate) in TAXES {
            let percent = Percent::entered("tax_rate.percent", Decimal::new(*rate, 4)).unwrap_or_default();
            let tax_class = tax_class.clone();
            batch.push(org_id, &TaxRate { id: random.id(), rev: UNSAVED, branch_id: *branch_id, tax_class, percent });
        }
    }
    let headings = categories(org_id, random, batch);
    let (materials, services) = (rows * MATERIALS_PER_MILLE / 1_000, rows * SERVICES_PER_MILLE / 1_000);
    let of = |kind: &PricebookKind, round: usize| {
        let place = CATEGORIES.iter().position(|(name, _)| *name == heading(kind)).unwrap_or_default();
        let below = &headings[place];
        below[round % below.len()]
    };
    let mut items: Vec<PricebookItem> = Vec::new();
    for number in 1..=services {
        items.push(service(number, random));
    }
    for number in 1..=materials {
        items.push(material(number, random));
    }
    for (name, price_cents) in LABOUR {
        let code = format!("L-{}", items.len());
        items.push(item(PricebookKind::Labour, code, (*name).to_owned(), "hour", *price_cents, random));
    }
    for item in &mut items {
        let round = usize::try_from(random.between(0, 1_000)).unwrap_or_default();
        item.category_id = Some(of(&item.kind, round));
        batch.push(org_id, item);
    }
    let links = rows.saturating_sub(materials + services);
    components(org_id, &items, usize::try_from(links).unwrap_or_default(), random, batch);
    bundles(org_id, &mut items, of(&PricebookKind::Bundle, 0), random, batch);
    costs_and_list(org_id, &items, today, random, batch)?;
    let sold = |kind: PricebookKind| items.iter().filter(|item| item.active && item.kind == kind).cloned().collect();
    Ok(Pricebook { materials: sold(PricebookKind::Material), services: sold(PricebookKind::Service) })
}

fn heading(kind: &PricebookKind) -> &'static str {
    match kind {
        PricebookKind::Material => "Materials",
        PricebookKind::Labour => "Labour",
        PricebookKind::Bundle => "Bundles",
        _ => "Services",
    }
}

/// The headings that items stand under, by top heading.
fn categories(org_id: Uuid, random: &mut Random, batch: &mut Batch) -> Vec<Vec<Id<PricebookCategory>>> {
    let mut category = |parent_id, name: &str, position: usize| {
        let position = i32::try_from(position).unwrap_or(i32::MAX);
        let name = name.to_owned();
        let row = PricebookCategory { id: random.id(), rev: UNSAVED, parent_id, name, position, active: true };
        batch.push(org_id, &row);
        row.id
    };
    let top = CATEGORIES.iter().enumerate().map(|(place, (name, below))| {
        let top = category(None, name, place + 1);
        let below: Vec<_> =
            below.iter().enumerate().map(|(place, name)| category(Some(top), name, place + 1)).collect();
        if below.is_empty() { vec![top] } else { below }
    });
    top.collect()
}

/// Shares so many links out among the services: an hour's part of labour, and materials, each once.
fn components(org_id: Uuid, items: &[PricebookItem], links: usize, random: &mut Random, batch: &mut Batch) {
    let of = |kind: PricebookKind| items.iter().filter(|item| item.kind == kind).collect::<Vec<_>>();
    let (services, materials) = (of(PricebookKind::Service), of(PricebookKind::Material));
    let labour = of(PricebookKind::Labour)[0];
    for (place, service) in services.iter().enumerate() {
        let parts = links * (place + 1) / services.len() - links * place / services.len();
        let minutes = service.labour_minutes.unwrap_or_default();
        let hours = Decimal::new(i64::from(minutes) * 1_000 / 60, 3);
        let first = usize::try_from(random.between(0, 1 << 20)).unwrap_or_default();
        for part in 0..parts.min(materials.len() + 1) {
            let (component_id, quantity) = match part {
                0 => (labour.id, hours),
                _ => (materials[(first + part) % materials.len()].id, Decimal::new(random.between(1, 4) * 1_000, 3)),
            };
            batch.push(org_id, &link(service.id, component_id, quantity, part, random));
        }
    }
}

fn link(
    item_id: Id<PricebookItem>,
    component_id: Id<PricebookItem>,
    quantity: Decimal,
    place: usize,
    random: &mut Random,
) -> PricebookComponent {
    let position = i32::try_from(place + 1).unwrap_or(i32::MAX);
    PricebookComponent { id: random.id(), rev: UNSAVED, item_id, component_id, quantity, position }
}

fn bundles(
    org_id: Uuid,
    items: &mut Vec<PricebookItem>,
    category_id: Id<PricebookCategory>,
    random: &mut Random,
    batch: &mut Batch,
) {
    let services: Vec<PricebookItem> =
        items.iter().filter(|item| item.kind == PricebookKind::Service).cloned().collect();
    for (number, pair) in services.chunks_exact(2).step_by(SERVICES_PER_BUNDLE).enumerate() {
        let name = format!("{} and {}", pair[0].name, pair[1].name.to_lowercase());
        let price_cents = (pair[0].price_cents + pair[1].price_cents) * 9 / 10;
        let code = format!("B-{:05}", number + 1);
        let mut bundle = item(PricebookKind::Bundle, code, name, "each", price_cents, random);
        bundle.category_id = Some(category_id);
        batch.push(org_id, &bundle);
        for (place, part) in pair.iter().enumerate() {
            batch.push(org_id, &link(bundle.id, part.id, Decimal::new(1_000, 3), place, random));
        }
        items.push(bundle);
    }
}

/// A cost for every item, and a price list in force that names some of them.
fn costs_and_list(
    org_id: Uuid,
    items: &[PricebookItem],
    today: Date,
    random: &mut Random,
    batch: &mut Batch,
) -> Result<(), SeedError> {
    let valid_from = today
        .checked_sub(jiff::Span::new().days(LIST_AGE_DAYS))
        .and_then(|day| day.to_zoned(TimeZone::UTC))
        .map_err(|_| SeedError::DateOutOfRange)?
        .timestamp();
    let version = version("This season's prices", valid_from, random);
    batch.push(org_id, &version);
    for (place, item) in items.iter().enumerate() {
        let cents = |percent: i64| Cents::new(item.price_cents * percent / 100);
        let cost_cents = cents(random.between(COST_PERCENT.0, COST_PERCENT.1));
        batch.push(org_id, &PricebookCost { id: Id::new(item.id.uuid()), rev: UNSAVED, item_id: item.id, cost_cents });
        // The first, so that no list is empty.
        if place == 0 || random.chance(LISTED_PERCENT) {
            let price_cents = cents(random.between(102, 108));
            let (id, version_id) = (random.id(), version.id);
            batch.push(org_id, &PricebookPrice { id, rev: UNSAVED, version_id, item_id: item.id, price_cents });
        }
    }
    Ok(())
}

fn version(name: &str, valid_from: Timestamp, random: &mut Random) -> PricebookVersion {
    PricebookVersion {
        id: random.id(),
        rev: UNSAVED,
        name: name.to_owned(),
        branch_id: None,
        state: VersionState::Published,
        valid_from,
        valid_until: None,
        published_at: Some(valid_from),
    }
}

// Rounds through all combinations before a series number tells equal ones apart.
fn service(number: u32, random: &mut Random) -> PricebookItem {
    let round = usize::try_from(number).unwrap_or_default();
    let (verb, price_cents) = SERVICES[round % SERVICES.len()];
    let object = OBJECTS[round / SERVICES.len() % OBJECTS.len()];
    let tier = round / (SERVICES.len() * OBJECTS.len()) + 1;
    let name = format!("{verb} {object}, tier {tier}");
    let mut service = item(PricebookKind::Service, format!("S-{number:05}"), name, "each", price_cents, random);
    service.labour_minutes = i32::try_from(random.between(1, 12) * 15).ok();
    service
}

fn material(number: u32, random: &mut Random) -> PricebookItem {
    let round = usize::try_from(number).unwrap_or_default();
    let (noun, unit, price_cents) = MATERIALS[round % MATERIALS.len()];
    let size = SIZES[round / MATERIALS.len() % SIZES.len()];
    let maker = MAKERS[round / (MATERIALS.len() * SIZES.len()) % MAKERS.len()];
    let series = round / (MATERIALS.len() * SIZES.len() * MAKERS.len()) + 1;
    let name = format!("{noun} {size}, {maker} {series}");
    item(PricebookKind::Material, format!("M-{number:05}"), name, unit, price_cents, random)
}

fn item(
    kind: PricebookKind,
    code: String,
    name: String,
    unit: &str,
    base_cents: i64,
    random: &mut Random,
) -> PricebookItem {
    PricebookItem {
        id: random.id(),
        rev: UNSAVED,
        code,
        name,
        kind,
        unit: unit.to_owned(),
        price_cents: base_cents * random.between(80, 160) / 100,
        active: !random.chance(2),
        category_id: None,
        tax_class: TaxClass::Standard,
        labour_minutes: None,
        description: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use satchel_domain::tables;

    use super::*;

    #[test]
    fn codes_are_unique_and_all_kinds_are_sold() {
        let mut random = Random::new(1);
        let mut codes = HashSet::new();
        let items = (1..=1_000).flat_map(|number| [service(number, &mut random), material(number, &mut random)]);
        for item in items.collect::<Vec<_>>() {
            assert!(item.price_cents > 0 && codes.insert(item.code));
        }
        let mut batch = Batch::new(tables::ALL);
        let today = "2026-11-21".parse().unwrap();
        let book = write(Uuid::nil(), &[random.id()], 1_000, today, &mut random, &mut batch).unwrap();
        assert!(book.materials.len() > 150 && book.services.len() > 100);
        // Costs come on top.
        assert!((1_300..1_500).contains(&batch.rows()), "{}", batch.rows());
    }
}
