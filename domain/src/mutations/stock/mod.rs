//! Stock: `stock/v1/...`. A technician moves what is in his truck, an inventory manager everything.

mod count;
mod receive;
mod replenish;
mod request_replenishment;
mod return_stock;
mod set_minimum;
mod transfer;

pub use count::{CountStock, StockCounted};
pub use receive::ReceiveStock;
pub use replenish::{ReplenishStock, ReplenishmentLine, StockReplenished};
pub use request_replenishment::{ReplenishmentRequested, RequestReplenishment};
pub use return_stock::ReturnStock;
pub use set_minimum::{MinimumSet, SetStockMinimum};
pub use transfer::TransferStock;

use rust_decimal::Decimal;
use satchel_protocol::{Id, Rejection, RowKey};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    rules::{limits, stock, text},
    tables::{PricebookItem, StockLevel, StockLocation, StockStanding},
};

/// Where the level stands after a movement.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StockMoved {
    /// How much there is now, in the item's unit.
    pub quantity: Decimal,
    /// How that compares with zero and the minimum.
    pub standing: StockStanding,
}

impl From<StockLevel> for StockMoved {
    fn from(level: StockLevel) -> Self {
        Self { quantity: level.quantity, standing: level.standing }
    }
}

/// What to lock before a level is moved: the level, so that who comes second sees what the first did.
fn level_root(location: Id<StockLocation>, item: Id<PricebookItem>) -> RowKey {
    RowKey::of(stock::level_id(location, item))
}

/// A note that may be left out.
fn note(given: Option<&str>) -> Result<Option<String>, Rejection> {
    text::optional("stock.note", "the note", given, limits::STOCK_NOTE_CHARS)
}

/// A reason that must be given.
fn reason(given: &str) -> Result<Option<String>, Rejection> {
    text::required("stock.reason", "a reason", given, limits::STOCK_NOTE_CHARS).map(Some)
}
