//! `stock/v1/receive`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{StockMoved, level_root, note};
use crate::{
    rules::stock::{self, Entry, Mover},
    tables::{PricebookItem, StockCause, StockLocation, StockMovement},
};

/// Takes in what came from a supplier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiveStock {
    /// Id of the new entry, made by the caller.
    pub movement_id: Id<StockMovement>,
    /// Where it is put; for a technician, the own truck.
    pub stock_location_id: Id<StockLocation>,
    /// What came; material of the pricebook.
    pub item_id: Id<PricebookItem>,
    /// How much, in the item's unit: above zero, at most three decimals.
    pub quantity: Decimal,
    /// What it came with, such as the delivery note's number; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = crate::rules::limits::STOCK_NOTE_CHARS))]
    pub note: Option<String>,
}

impl Mutation for ReceiveStock {
    const NAME: &'static str = "stock/v1/receive";
    const SUMMARY: &'static str = "Takes in material that came from a supplier.";
    type Output = StockMoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![level_root(self.stock_location_id, self.item_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<StockMoved, Stop> {
        let mover = Mover::of(ctx)?;
        let quantity = stock::moved_quantity(self.quantity)?;
        let note = note(self.note.as_deref())?;
        let location = stock::open_location(work, self.stock_location_id)?;
        mover.require(&location)?;
        let item = stock::stockable(work, self.item_id)?.id;
        let entry = Entry { note, ..Entry::new(self.movement_id, &location, item, quantity, StockCause::Receive) };
        Ok(stock::post(ctx, work, entry)?.into())
    }
}
