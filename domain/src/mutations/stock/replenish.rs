//! `stock/v1/replenish`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::level_root;
use crate::{
    rules::{
        limits::REPLENISHMENT_LINES,
        stock::{self, Entry},
    },
    tables::{PricebookItem, StockCause, StockLocation, StockMovement},
};

/// Fills a truck, or a warehouse, from another place, and settles what was requested.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplenishStock {
    /// Where it comes from.
    pub from_location_id: Id<StockLocation>,
    /// Where it goes.
    pub to_location_id: Id<StockLocation>,
    /// What is brought; 1 to 200 lines.
    pub lines: Vec<ReplenishmentLine>,
}

/// One item that is brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplenishmentLine {
    /// Id of the new entry, made by the caller.
    pub movement_id: Id<StockMovement>,
    /// The item; material of the pricebook.
    pub item_id: Id<PricebookItem>,
    /// How much, in the item's unit, above zero, at most three decimals. Left out: up to the target, or what was
    /// requested if that is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
}

/// The place was filled.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StockReplenished {
    /// How much was brought of each line, in the item's unit; zero where nothing was missing.
    pub quantities: Vec<Decimal>,
}

impl Mutation for ReplenishStock {
    const NAME: &'static str = "stock/v1/replenish";
    const SUMMARY: &'static str = "Fills a truck or warehouse up from another place.";
    // How much is missing, only the office's data says.
    const SERVER_ONLY: bool = true;
    type Output = StockReplenished;

    fn roots(&self) -> Vec<RowKey> {
        let levels = |line: &ReplenishmentLine| {
            [level_root(self.from_location_id, line.item_id), level_root(self.to_location_id, line.item_id)]
        };
        self.lines.iter().take(REPLENISHMENT_LINES).flat_map(levels).collect()
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<StockReplenished, Stop> {
        if self.lines.is_empty() || self.lines.len() > REPLENISHMENT_LINES {
            let message = format!("Please give 1 to {REPLENISHMENT_LINES} lines.");
            return Err(Rejection::bad_request("stock.lines", message).into());
        }
        if self.from_location_id == self.to_location_id {
            let message = "The material is already there. Please choose two different places.";
            return Err(Rejection::bad_request("stock.same_location", message).into());
        }
        let from = stock::open_location(work, self.from_location_id)?;
        let to = stock::open_location(work, self.to_location_id)?;
        let mut quantities = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let item = stock::stockable(work, line.item_id)?.id;
            let (level, _) = stock::level_of(work, &to, item)?;
            let quantity = match line.quantity {
                Some(given) => stock::moved_quantity(given)?,
                None => stock::shortfall(&level),
            };
            quantities.push(quantity);
            if quantity.is_zero() {
                continue;
            }
            // The receiving account is written here, because its level says how much is missing.
            let entry = Entry {
                counter: Some(from.id),
                ..Entry::new(line.movement_id, &to, item, quantity, StockCause::Transfer)
            };
            let mut level = stock::post(ctx, work, entry)?;
            if level.requested.is_some() {
                level.requested = None;
                level.requested_at = None;
                level.save(work, true)?;
            }
        }
        Ok(StockReplenished { quantities })
    }
}
