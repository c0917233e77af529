//! What work on a job is charged as.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rust_decimal::{Decimal, RoundingStrategy};
use satchel_protocol::{Id, Stop, Workspace};

use super::{
    money::{Cents, Percent},
    pricing, quantity,
};
use crate::tables::{
    EstimateLine, Invoice, InvoiceLine, InvoiceState, Job, MaterialUsed, PricebookItem, PricebookVersion, TimeEntry,
    TimeKind,
};

/// The unit of items that are sold by time.
pub const HOUR: &str = "hour";
/// Seconds of an hour.
const HOUR_S: i64 = 3_600;

/// A line about to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Charge {
    /// What tells its id from those of the other lines of the mutation.
    pub label: String,
    /// The pricebook item, if any.
    pub item_id: Option<Id<PricebookItem>>,
    /// The material, if any.
    pub material_id: Option<Id<MaterialUsed>>,
    /// The time, if any.
    pub time_entry_id: Option<Id<TimeEntry>>,
    /// The line of an approved estimate, if any.
    pub estimate_line_id: Option<Id<EstimateLine>>,
    /// The version of the pricebook the price comes from, if any.
    pub pricebook_version_id: Option<Id<PricebookVersion>>,
    /// What the customer reads.
    pub name: String,
    /// What one of it is.
    pub unit: String,
    /// How much, three decimals.
    pub quantity: Decimal,
    /// Price of one unit.
    pub unit_price: Cents,
    /// Discount on the line alone.
    pub discount_percent: Percent,
    /// What the net amount is taxed at.
    pub tax_percent: Percent,
}

/// What stands on invoices of a job already.
#[derive(Clone, Debug, Default)]
pub struct Charged {
    materials: BTreeSet<Id<MaterialUsed>>,
    time: BTreeSet<Id<TimeEntry>>,
}

/// Work time to charge.
#[derive(Clone, Debug, Default)]
pub struct Time {
    /// A line for each stretch.
    pub charges: Vec<Charge>,
    /// Stretches left out: still running, or overlapping others, which the office has to look at first.
    pub left_out: u32,
}

/// Reads what was charged for on the job: lines of all its invoices that are not void.
pub fn charged(work: &mut Workspace, job: Id<Job>) -> Result<Charged, Stop> {
    let invoices: Vec<Invoice> = work.find(Invoice::BY_JOB, vec![job.into()])?;
    let void: BTreeSet<Id<Invoice>> =
        invoices.into_iter().filter(|invoice| invoice.state == InvoiceState::Void).map(|invoice| invoice.id).collect();
    let lines: Vec<InvoiceLine> = work.find(InvoiceLine::BY_JOB, vec![job.into()])?;
    let mut charged = Charged::default();
    for line in lines.into_iter().filter(|line| !void.contains(&line.invoice_id)) {
        charged.materials.extend(line.material_id);
        charged.time.extend(line.time_entry_id);
    }
    Ok(charged)
}

/// Materials used on the job that were not charged yet, at the prices noted.
pub fn materials(work: &mut Workspace, job: &Job, charged: &Charged) -> Result<Vec<Charge>, Stop> {
    let used: Vec<MaterialUsed> = work.find(MaterialUsed::BY_JOB, vec![job.id.into()])?;
    let mut charges = Vec::new();
    for material in used.into_iter().filter(|material| !charged.materials.contains(&material.id)) {
        let item: PricebookItem = work.require(material.item_id)?;
        let tax_percent = pricing::tax_rate(work, job.branch_id, &item.tax_class)?;
        charges.push(Charge {
            label: format!("material/{}", material.id),
            item_id: Some(material.item_id),
            material_id: Some(material.id),
            time_entry_id: None,
            estimate_line_id: None,
            pricebook_version_id: material.pricebook_version_id,
            name: material.name,
            unit: item.unit,
            quantity: material.quantity,
            unit_price: Cents::new(material.unit_price_cents),
            discount_percent: Percent::ZERO,
            tax_percent,
        });
    }
    Ok(charges)
}

/// Work time on the job that was not charged yet, as far as the author sees it: a technician sees the own. Charged at
/// the labour item's price on the job's branch at `at`.
pub fn time(
    work: &mut Workspace,
    job: &Job,
    labour: &PricebookItem,
    charged: &Charged,
    at: Timestamp,
) -> Result<Time, Stop> {
    let entries: Vec<TimeEntry> = work.find(TimeEntry::BY_JOB, vec![job.id.into()])?;
    let price = pricing::list_price(work, labour, job, at)?;
    let tax_percent = pricing::tax_rate(work, job.branch_id, &labour.tax_class)?;
    let mut time = Time::default();
    for entry in entries {
        if entry.kind != TimeKind::Work || charged.time.contains(&entry.id) {
            continue;
        }
        let Some(ended_at) = entry.ended_at.filter(|_| !entry.overlaps) else {
            time.left_out = time.left_out.saturating_add(1);
            continue;
        };
        time.charges.push(Charge {
            label: format!("time_entry/{}", entry.id),
            item_id: Some(labour.id),
            material_id: None,
            time_entry_id: Some(entry.id),
            estimate_line_id: None,
            pricebook_version_id: price.version_id,
            name: labour.name.clone(),
            unit: labour.unit.clone(),
            quantity: hours(entry.started_at.duration_until(ended_at).as_secs()),
            unit_price: price.unit_price_cents,
            discount_percent: Percent::ZERO,
            tax_percent,
        });
    }
    Ok(time)
}

/// Seconds as hours with the three decimals of a quantity, half away from zero.
pub fn hours(seconds: i64) -> Decimal {
    let hours = Decimal::from(seconds) / Decimal::from(HOUR_S);
    let mut hours = hours.round_dp_with_strategy(quantity::PLACES, RoundingStrategy::MidpointAwayFromZero);
    hours.rescale(quantity::PLACES);
    hours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_hours() {
        for (seconds, expected) in [(3_600, "1.000"), (5_400, "1.500"), (1, "0.000"), (2, "0.001"), (4_500, "1.250")] {
            assert_eq!(hours(seconds).to_string(), expected);
        }
    }
}
