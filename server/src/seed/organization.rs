//! What every member of an organization holds: branches, technicians, checklist templates, pricebook.

use satchel_domain::tables::{Branch, ChecklistTemplate, ChecklistTemplateItem, Organization, Technician};
use satchel_protocol::{Id, record::UNSAVED};
use uuid::Uuid;

use super::{
    SeedError, SeedOptions, SeededOrganization, SeededTechnician, SeededUser,
    pricebook::{self, Pricebook},
    random::Random,
    trade::TEMPLATES,
    words::{CONTRACTORS, Contractor, FAMILY_NAMES, GIVEN_NAMES},
    workforce::{self, Workforce},
};
use crate::bulk::Batch;

/// Who works in the office of every seeded organization: the part of the address before the `@`, and the role.
const OFFICE: &[(&str, &str)] = &[
    ("owner", "owner"),
    ("manager", "operations_manager"),
    ("dispatcher", "dispatcher"),
    ("warehouse", "inventory_manager"),
    ("billing", "billing"),
    ("auditor", "auditor"),
];

/// The currency of all prices.
const CURRENCY: &str = "USD";

/// A template and its items, in order.
pub(super) struct Checklists {
    pub(super) id: Id<ChecklistTemplate>,
    pub(super) items: Vec<Id<ChecklistTemplateItem>>,
}

/// An organization, and what its jobs are made from.
pub(super) struct Office {
    pub(super) contractor: &'static Contractor,
    pub(super) seeded: SeededOrganization,
    pub(super) branches: Vec<Id<Branch>>,
    pub(super) checklists: Vec<Checklists>,
    pub(super) pricebook: Pricebook,
    pub(super) workforce: Workforce,
}

/// Adds organization number `number` (from 0) to the batch, without its own row, its people and its jobs.
pub(super) fn write(
    number: u32,
    options: &SeedOptions,
    random: &mut Random,
    batch: &mut Batch,
) -> Result<Office, SeedError> {
    let contractor = &CONTRACTORS[usize::try_from(number).unwrap_or_default() % CONTRACTORS.len()];
    let round = usize::try_from(number).unwrap_or_default() / CONTRACTORS.len() + 1;
    let name = if round == 1 { contractor.name.to_owned() } else { format!("{} {round}", contractor.name) };
    let domain = domain(contractor.slug, round, options.seed);
    let org_id = random.uuid();
    let branches: Vec<Id<Branch>> = contractor
        .branches
        .iter()
        .map(|place| {
            let branch =
                Branch { id: random.id(), rev: UNSAVED, name: place.town.to_owned(), zone: place.zone.to_owned() };
            batch.push(org_id, &branch);
            branch.id
        })
        .collect();
    let mut users: Vec<SeededUser> = OFFICE
        .iter()
        .map(|(local, role)| SeededUser {
            user_id: random.uuid(),
            email: format!("{local}@{domain}"),
            password: options.password.clone(),
            name: person(random),
            roles: vec![(*role).to_owned()],
            technician_id: None,
        })
        .collect();
    let mut technicians = Vec::new();
    for position in 0..usize::try_from(options.technicians).unwrap_or_default() {
        let (technician, user) = technician(position, &domain, &branches, options, random);
        batch.push(org_id, &technician);
        technicians.push(SeededTechnician {
            technician_id: technician.id.uuid(),
            user_id: user.user_id,
            branch_id: technician.branch_id.uuid(),
            email: user.email.clone(),
            jobs: Vec::new(),
        });
        users.push(user);
    }
    let checklists = checklists(org_id, random, batch);
    let pricebook = pricebook::write(org_id, &branches, options.pricebook_items, options.today, random, batch)?;
    let seeded = SeededOrganization {
        org_id,
        name,
        branches: branches.iter().map(|branch| branch.uuid()).collect(),
        users,
        technicians,
        unscheduled_jobs: Vec::new(),
    };
    let workforce = workforce::write(contractor, &seeded, &branches, options.today, random, batch);
    Ok(Office { contractor, seeded, branches, checklists, pricebook, workforce })
}

/// The organization's own row.
pub(super) fn row(seeded: &SeededOrganization) -> Organization {
    let currency = CURRENCY.to_owned();
    Organization { id: Id::new(seeded.org_id), rev: UNSAVED, name: seeded.name.clone(), currency }
}

/// The part of addresses after the `@`. Different for every seed, because addresses are unique in a database.
fn domain(slug: &str, round: usize, seed: u64) -> String {
    let round = if round == 1 { String::new() } else { round.to_string() };
    let seed = if seed == SeedOptions::DEFAULT_SEED { String::new() } else { format!("-{seed}") };
    format!("{slug}{round}{seed}.example")
}

pub(super) fn person(random: &mut Random) -> String {
    format!("{} {}", random.pick(GIVEN_NAMES), random.pick(FAMILY_NAMES))
}

/// Technician number `position`: all pairs of names before a number tells equal ones apart.
fn technician(
    position: usize,
    domain: &str,
    branches: &[Id<Branch>],
    options: &SeedOptions,
    random: &mut Random,
) -> (Technician, SeededUser) {
    let given = GIVEN_NAMES[position % GIVEN_NAMES.len()];
    let family_step = position / GIVEN_NAMES.len();
    let family = FAMILY_NAMES[(position * 7 + family_step) % FAMILY_NAMES.len()];
    let suffix = if family_step == 0 { String::new() } else { (family_step + 1).to_string() };
    let technician_id: Id<Technician> = random.id();
    let user = SeededUser {
        user_id: random.uuid(),
        email: format!("{}.{}{suffix}@{domain}", given.to_lowercase(), family.to_lowercase()),
        password: options.password.clone(),
        name: format!("{given} {family}"),
        roles: vec!["technician".to_owned()],
        technician_id: Some(technician_id.uuid()),
    };
    let technician = Technician {
        id: technician_id,
        rev: UNSAVED,
        branch_id: branches[position % branches.len()],
        user_id: Some(user.user_id),
        name: user.name.clone(),
        active: true,
    };
    (technician, user)
}

fn checklists(org_id: Uuid, random: &mut Random, batch: &mut Batch) -> Vec<Checklists> {
    let mut all = Vec::new();
    for template in TEMPLATES {
        let row = ChecklistTemplate {
            id: random.id(),
            rev: UNSAVED,
            name: template.name.to_owned(),
            trade: template.trade.to_owned(),
            active: true,
        };
        batch.push(org_id, &row);
        let mut items: Vec<Id<ChecklistTemplateItem>> = Vec::new();
        for (position, item) in (1..).zip(template.items) {
            let row = ChecklistTemplateItem {
                id: random.id(),
                rev: UNSAVED,
                template_id: row.id,
                position,
                prompt: item.prompt.to_owned(),
                answer_kind: item.kind.clone(),
                required: item.required,
                shown_after_id: item.shown_when.map(|(after, _)| items[after]),
                shown_when: item.shown_when.map(|(_, answer)| answer.to_owned()),
            };
            batch.push(org_id, &row);
            items.push(row.id);
        }
        all.push(Checklists { id: row.id, items });
    }
    all
}
