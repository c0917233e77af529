//! `stock/v1/return`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{StockMoved, level_root, reason};
use crate::{
    rules::stock::{self, Entry, Mover},
    tables::{PricebookItem, StockCause, StockLocation, StockMovement},
};

/// Gives back to a supplier what is broken, wrong or too much. What was not used on a job is a correction of its line of
/// material instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnStock {
    /// Id of the new entry, made by the caller.
    pub movement_id: Id<StockMovement>,
    /// Where it lay; for a technician, the own truck.
    pub stock_location_id: Id<StockLocation>,
    /// What goes back; material of the pricebook.
    pub item_id: Id<PricebookItem>,
    /// How much, in the item's unit: above zero, at most three decimals.
    pub quantity: Decimal,
    /// Why; at most 500 characters.
    #[schemars(length(max = crate::rules::limits::STOCK_NOTE_CHARS))]
    pub reason: String,
}

impl Mutation for ReturnStock {
    const NAME: &'static str = "stock/v1/return";
    const SUMMARY: &'static str = "Gives material back to its supplier.";
    type Output = StockMoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![level_root(self.stock_location_id, self.item_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<StockMoved, Stop> {
        let mover = Mover::of(ctx)?;
        let quantity = stock::moved_quantity(self.quantity)?;
        let note = reason(&self.reason)?;
        let location = stock::open_location(work, self.stock_location_id)?;
        mover.require(&location)?;
        let item = stock::stockable(work, self.item_id)?.id;
        let entry = Entry { note, ..Entry::new(self.movement_id, &location, item, -quantity, StockCause::Return) };
        Ok(stock::post(ctx, work, entry)?.into())
    }
}
