//! `stock/v1/transfer`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{StockMoved, level_root, note};
use crate::{
    rules::stock::{self, Entry, Mover},
    tables::{PricebookItem, StockCause, StockLocation, StockMovement},
};

/// Brings material from one place to another. Either side may write it down: whoever gives, or whoever takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TransferStock {
    /// Id of the new entry, made by the caller; the other account's entry gets an id that follows from it.
    pub movement_id: Id<StockMovement>,
    /// Where it was.
    pub from_location_id: Id<StockLocation>,
    /// Where it is now. For a technician, one of both is the own truck.
    pub to_location_id: Id<StockLocation>,
    /// What moved; material of the pricebook.
    pub item_id: Id<PricebookItem>,
    /// How much, in the item's unit: above zero, at most three decimals.
    pub quantity: Decimal,
    /// Anything to remember; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = crate::rules::limits::STOCK_NOTE_CHARS))]
    pub note: Option<String>,
}

impl Mutation for TransferStock {
    const NAME: &'static str = "stock/v1/transfer";
    const SUMMARY: &'static str = "Brings material from a warehouse or truck to another.";
    type Output = StockMoved;

    fn roots(&self) -> Vec<RowKey> {
        // Both, although only one is written here: Postgres writes the other in the same transaction.
        vec![level_root(self.from_location_id, self.item_id), level_root(self.to_location_id, self.item_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<StockMoved, Stop> {
        let mover = Mover::of(ctx)?;
        let quantity = stock::moved_quantity(self.quantity)?;
        let note = note(self.note.as_deref())?;
        if self.from_location_id == self.to_location_id {
            let message = "The material is already there. Please choose two different places.";
            return Err(Rejection::bad_request("stock.same_location", message).into());
        }
        let from = stock::open_location(work, self.from_location_id)?;
        let to = stock::open_location(work, self.to_location_id)?;
        let item = stock::stockable(work, self.item_id)?.id;
        // The author's own account is written here, the other one by Postgres: a phone holds no other truck's.
        let (near, far, quantity) =
            if mover.answers_for(&from) { (&from, &to, -quantity) } else { (&to, &from, quantity) };
        mover.require(near)?;
        let entry = Entry {
            counter: Some(far.id),
            note,
            ..Entry::new(self.movement_id, near, item, quantity, StockCause::Transfer)
        };
        Ok(stock::post(ctx, work, entry)?.into())
    }
}
