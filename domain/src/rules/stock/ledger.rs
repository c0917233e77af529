//! Writing an entry, and the level with it: the only code that changes a level's quantity.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Stop, Workspace, record::UNSAVED};

use super::{level_of, page_id};
use crate::{
    rules::clock,
    tables::{Job, MaterialUsed, PricebookItem, StockCause, StockLevel, StockLocation, StockMovement},
};

/// An entry to write.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Its id.
    pub id: Id<StockMovement>,
    /// The place whose account it goes into.
    pub location: &'a StockLocation,
    /// What moves.
    pub item: Id<PricebookItem>,
    /// How much comes, or, below zero, goes; with its full scale.
    pub quantity: Decimal,
    /// Why.
    pub cause: StockCause,
    /// Of a transfer, the other place.
    pub counter: Option<Id<StockLocation>>,
    /// The job and the line it was used on.
    pub used: Option<(Id<Job>, Id<MaterialUsed>)>,
    /// The entry it makes up for.
    pub reversal_of: Option<Id<StockMovement>>,
    /// What somebody noted.
    pub note: Option<String>,
}

impl<'a> Entry<'a> {
    /// An entry about nothing but a place, an item and a quantity.
    pub fn new(
        id: Id<StockMovement>,
        location: &'a StockLocation,
        item: Id<PricebookItem>,
        quantity: Decimal,
        cause: StockCause,
    ) -> Self {
        Self { id, location, item, quantity, cause, counter: None, used: None, reversal_of: None, note: None }
    }
}

/// Writes the entry and brings the level in step. Answers the level as it is then.
pub fn post(ctx: &Ctx, work: &mut Workspace, entry: Entry<'_>) -> Result<StockLevel, Stop> {
    let occurred_at = clock::acted_at(ctx);
    let (mut level, stored) = level_of(work, entry.location, entry.item)?;
    level.add(entry.quantity)?;
    work.insert(&StockMovement {
        id: entry.id,
        rev: UNSAVED,
        stock_location_id: entry.location.id,
        branch_id: entry.location.branch_id,
        page_id: page_id(entry.location.id, occurred_at),
        item_id: entry.item,
        quantity: entry.quantity,
        cause: entry.cause,
        counter_location_id: entry.counter,
        job_id: entry.used.map(|(job, _)| job),
        material_id: entry.used.map(|(_, material)| material),
        reversal_of: entry.reversal_of,
        mirror_of: None,
        note: entry.note,
        occurred_at,
        user_id: ctx.user_id,
    })?;
    level.save(work, stored)?;
    Ok(level)
}
