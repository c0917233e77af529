//! Maintenance contracts of some customers, and what they owe now. Ids follow from the place; nothing here is drawn.

use jiff::ToSpan as _;
use satchel_domain::{
    rules::{
        contracts::{self, periods},
        money::Cents,
        part_id,
    },
    tables::{
        ContractEquipment, ContractPrice, ContractState, ContractVisit, Customer, CustomerPrice, MaintenanceContract,
        OwedState,
    },
};
use satchel_protocol::{Id, record::UNSAVED};

use super::{
    SeedError,
    trade::Work,
    work::{Site, Writer},
};

/// Of so many jobs, one is at a place with a contract.
pub(super) const EVERY: u32 = 8;

/// Days since a contract began.
const STARTED_DAYS_AGO: i32 = 45;
/// Months ahead for which owed visits are written down.
const AHEAD_MONTHS: i32 = 6;
/// Months between visits, and what one costs in cents.
const OFFERS: &[(i32, i64)] = &[(3, 12_900), (6, 18_900), (12, 24_900)];
/// Percent of the pricebook's price that a customer agreed to.
const AGREED_PERCENT: i64 = 90;

/// Adds a contract for the place of a job to the batch.
pub(super) fn write(writer: &mut Writer<'_>, site: &Site, work: &Work) -> Result<(), SeedError> {
    let number = *writer.jobs_written;
    let offer = usize::try_from(number / EVERY).unwrap_or_default() % OFFERS.len();
    let (interval_months, price_cents) = OFFERS[offer];
    let today = writer.options.today;
    let starts_on = today.checked_sub(STARTED_DAYS_AGO.days()).map_err(|_| SeedError::DateOutOfRange)?;
    let ends_on = starts_on.checked_add(2.years()).and_then(jiff::civil::Date::yesterday);
    let ends_on = ends_on.map_err(|_| SeedError::DateOutOfRange)?;
    let through = today.checked_add(AHEAD_MONTHS.months()).map_err(|_| SeedError::DateOutOfRange)?;
    let contract = MaintenanceContract {
        id: part_id::of(site.location_id, b"contract"),
        rev: UNSAVED,
        branch_id: writer.branch_id,
        customer_id: site.customer_id,
        location_id: site.location_id,
        number: Some(format!("M-{number:05}")),
        title: format!("{} maintenance", work.equipment),
        description: "Inspect, clean and adjust; note what should be replaced.".to_owned(),
        template_id: writer.checklists.get(work.template).map(|template| template.id),
        interval_months,
        season_from_month: None,
        season_until_month: None,
        starts_on,
        ends_on,
        state: ContractState::Active,
        owed_from: starts_on,
        renewals: 0,
        state_reason: None,
    };
    writer.batch.push(writer.org_id, &contract);
    let covered = ContractEquipment {
        id: part_id::of(contract.id, b"equipment"),
        rev: UNSAVED,
        contract_id: contract.id,
        location_id: site.location_id,
        branch_id: writer.branch_id,
        equipment_id: site.equipment_id,
    };
    writer.batch.push(writer.org_id, &covered);
    let price = ContractPrice {
        id: contracts::price_id(contract.id),
        rev: UNSAVED,
        contract_id: contract.id,
        branch_id: writer.branch_id,
        price_cents: Cents::new(price_cents),
    };
    writer.batch.push(writer.org_id, &price);
    agree(writer, site.customer_id);
    for due in periods::due_through(&contract, through) {
        let owed = ContractVisit {
            id: contracts::visit_id(contract.id, due.period),
            rev: UNSAVED,
            contract_id: contract.id,
            location_id: site.location_id,
            branch_id: writer.branch_id,
            period: due.period,
            due_from: due.from,
            due_until: due.until,
            state: OwedState::Owed,
            skip_reason: None,
            job_id: None,
        };
        writer.batch.push(writer.org_id, &owed);
    }
    Ok(())
}

/// Who has a contract pays less for the first service of the pricebook.
fn agree(writer: &mut Writer<'_>, customer_id: Id<Customer>) {
    let Some(service) = writer.pricebook.services.first() else { return };
    let agreed = CustomerPrice {
        id: part_id::of(customer_id, b"price"),
        rev: UNSAVED,
        customer_id,
        item_id: service.id,
        price_cents: Cents::new(service.price_cents * AGREED_PERCENT / 100),
        valid_until: None,
    };
    writer.batch.push(writer.org_id, &agreed);
}
