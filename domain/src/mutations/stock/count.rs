//! `stock/v1/count`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{level_root, reason};
use crate::{
    rules::{
        quantity,
        stock::{self, Entry, Mover},
    },
    tables::{PricebookItem, StockCause, StockLocation, StockMovement},
};

/// Says how much is really there. The difference to what was written becomes an entry; there is none when both agree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CountStock {
    /// Id of the entry, made by the caller.
    pub movement_id: Id<StockMovement>,
    /// Where it was counted; for a technician, the own truck.
    pub stock_location_id: Id<StockLocation>,
    /// What was counted; material of the pricebook.
    pub item_id: Id<PricebookItem>,
    /// How much is there, in the item's unit: zero or more, at most three decimals.
    pub counted: Decimal,
    /// Why it was counted, or where the difference comes from; at most 500 characters.
    #[schemars(length(max = crate::rules::limits::STOCK_NOTE_CHARS))]
    pub reason: String,
}

/// The count was taken.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StockCounted {
    /// What had to be added to the level, or, below zero, taken from it.
    pub difference: Decimal,
}

impl Mutation for CountStock {
    const NAME: &'static str = "stock/v1/count";
    const SUMMARY: &'static str = "Sets a stock level to what was counted, by an entry of the difference.";
    type Output = StockCounted;

    fn roots(&self) -> Vec<RowKey> {
        vec![level_root(self.stock_location_id, self.item_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<StockCounted, Stop> {
        let mover = Mover::of(ctx)?;
        let counted = quantity::checked_as("stock", self.counted)?;
        let note = reason(&self.reason)?;
        let location = stock::open_location(work, self.stock_location_id)?;
        mover.require(&location)?;
        let item = stock::stockable(work, self.item_id)?.id;
        let (level, _) = stock::level_of(work, &location, item)?;
        let difference = counted - level.quantity;
        if !difference.is_zero() {
            let entry = Entry { note, ..Entry::new(self.movement_id, &location, item, difference, StockCause::Count) };
            stock::post(ctx, work, entry)?;
        }
        Ok(StockCounted { difference })
    }
}
