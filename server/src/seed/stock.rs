//! What lies in warehouses and trucks. Ids follow from technicians, branches and items; nothing here is drawn.

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use satchel_domain::{
    rules::{part_id, stock},
    tables::{
        Branch, PricebookItem, StockCause, StockLevel, StockLocation, StockLocationKind, StockMovement, Technician,
    },
};
use satchel_protocol::{Id, record::UNSAVED};
use uuid::Uuid;

use super::{SeedError, SeedOptions, organization::Office};
use crate::bulk::Batch;

/// Items in one truck or warehouse.
const ITEMS: usize = 300;
/// Days since the books were opened: before the pages of its ledger that a phone holds.
const OPENED_DAYS_AGO: i32 = 75;
/// Days since the trucks were last filled.
const FILLED_DAYS_AGO: i32 = 2;
/// Items brought when a truck was filled.
const FILLED_ITEMS: usize = 6;
/// Of so many items in a truck, one is below its minimum.
const LOW_EVERY: usize = 17;
/// What a warehouse holds of what one truck should hold.
const TRUCKS_PER_WAREHOUSE: i64 = 12;

/// Adds a warehouse for each branch and a truck for each technician to the batch, with what lies in them.
pub(super) fn write(office: &Office, options: &SeedOptions, batch: &mut Batch) -> Result<(), SeedError> {
    let keeper = office.seeded.user("inventory_manager").map_or(Uuid::nil(), |user| user.user_id);
    let materials = &office.pricebook.materials;
    let step = (materials.len() / ITEMS).max(1);
    let mut writer = Writer {
        org_id: office.seeded.org_id,
        keeper,
        items: materials.iter().step_by(step).take(ITEMS).collect(),
        opened: noon(options.today, OPENED_DAYS_AGO)?,
        filled: noon(options.today, FILLED_DAYS_AGO)?,
        batch,
    };
    for (branch, place) in office.branches.iter().zip(&office.contractor.branches) {
        writer.warehouse(*branch, format!("{} warehouse", place.town));
    }
    for (position, technician) in office.seeded.technicians.iter().enumerate() {
        let (technician_id, branch_id) = (Id::new(technician.technician_id), Id::new(technician.branch_id));
        writer.truck(technician_id, branch_id, format!("Truck {}", position + 1));
    }
    Ok(())
}

fn noon(today: Date, days_ago: i32) -> Result<Timestamp, SeedError> {
    let day = today.checked_sub(days_ago.days()).map_err(|_| SeedError::DateOutOfRange)?;
    let noon = day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).map_err(|_| SeedError::DateOutOfRange)?;
    Ok(noon.timestamp())
}

struct Writer<'a> {
    org_id: Uuid,
    keeper: Uuid,
    items: Vec<&'a PricebookItem>,
    opened: Timestamp,
    filled: Timestamp,
    batch: &'a mut Batch,
}

impl Writer<'_> {
    fn warehouse(&mut self, branch_id: Id<Branch>, name: String) {
        let place = StockLocation {
            id: part_id::of(branch_id, b"warehouse"),
            rev: UNSAVED,
            branch_id,
            kind: StockLocationKind::Warehouse,
            technician_id: None,
            name,
            active: true,
        };
        self.batch.push(self.org_id, &place);
        for item in self.items.clone() {
            let (minimum, target) = wanted(item);
            self.level(&place, item, minimum * TRUCKS_PER_WAREHOUSE, target * TRUCKS_PER_WAREHOUSE);
            self.entry(&place, item, target * TRUCKS_PER_WAREHOUSE, self.opened, StockCause::Count);
        }
    }

    fn truck(&mut self, technician: Id<Technician>, branch_id: Id<Branch>, name: String) {
        let place = StockLocation {
            id: part_id::of(technician, b"truck"),
            rev: UNSAVED,
            branch_id,
            kind: StockLocationKind::Truck,
            technician_id: Some(technician),
            name,
            active: true,
        };
        self.batch.push(self.org_id, &place);
        for (position, item) in self.items.clone().into_iter().enumerate() {
            let (minimum, target) = wanted(item);
            self.level(&place, item, minimum, target);
            // Some were brought lately, some are running out.
            let brought = if position < FILLED_ITEMS { minimum } else { 0 };
            let opening = if position % LOW_EVERY == LOW_EVERY - 1 { minimum - 1 } else { target - brought };
            self.entry(&place, item, opening, self.opened, StockCause::Count);
            if brought > 0 {
                self.entry(&place, item, brought, self.filled, StockCause::Receive);
            }
        }
    }

    /// Empty: the ledger fills it.
    fn level(&mut self, place: &StockLocation, item: &PricebookItem, minimum: i64, target: i64) {
        let (quantity, minimum) = (whole(0), whole(minimum));
        let level = StockLevel {
            id: stock::level_id(place.id, item.id),
            rev: UNSAVED,
            stock_location_id: place.id,
            branch_id: place.branch_id,
            item_id: item.id,
            quantity,
            minimum,
            target: whole(target),
            standing: stock::standing(quantity, minimum),
            requested: None,
            requested_at: None,
        };
        self.batch.push(self.org_id, &level);
    }

    fn entry(
        &mut self,
        place: &StockLocation,
        item: &PricebookItem,
        quantity: i64,
        occurred_at: Timestamp,
        cause: StockCause,
    ) {
        let note = if cause == StockCause::Count { "Opening stock" } else { "Delivered to the truck" };
        let entry = StockMovement {
            id: part_id::of(stock::level_id(place.id, item.id), cause.as_str().as_bytes()),
            rev: UNSAVED,
            stock_location_id: place.id,
            branch_id: place.branch_id,
            page_id: stock::page_id(place.id, occurred_at),
            item_id: item.id,
            quantity: whole(quantity),
            cause,
            counter_location_id: None,
            job_id: None,
            material_id: None,
            reversal_of: None,
            mirror_of: None,
            note: Some(note.to_owned()),
            occurred_at,
            user_id: self.keeper,
        };
        self.batch.push(self.org_id, &entry);
    }
}

/// The minimum and the target of an item in a truck.
fn wanted(item: &PricebookItem) -> (i64, i64) {
    if item.unit == "foot" { (20, 100) } else { (2, 6) }
}

fn whole(quantity: i64) -> Decimal {
    Decimal::new(quantity * 1_000, 3)
}
