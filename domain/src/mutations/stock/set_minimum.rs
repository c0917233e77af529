//! `stock/v1/setMinimum`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::level_root;
use crate::{
    rules::{
        quantity,
        stock::{self},
    },
    tables::{PricebookItem, StockLocation, StockStanding},
};

/// Says how much of an item should lie in a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetStockMinimum {
    /// The place.
    pub stock_location_id: Id<StockLocation>,
    /// The item; material of the pricebook.
    pub item_id: Id<PricebookItem>,
    /// Below this much it is to be replenished; zero or more, at most three decimals.
    pub minimum: Decimal,
    /// Up to this much it is replenished; at least the minimum.
    pub target: Decimal,
}

/// The minimum was set.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MinimumSet {
    /// How the quantity compares with zero and the new minimum.
    pub standing: StockStanding,
}

impl Mutation for SetStockMinimum {
    const NAME: &'static str = "stock/v1/setMinimum";
    const SUMMARY: &'static str = "Sets how much of an item should lie in a place.";
    // The inventory manager's phone does not hold what lies elsewhere.
    const SERVER_ONLY: bool = true;
    type Output = MinimumSet;

    fn roots(&self) -> Vec<RowKey> {
        vec![level_root(self.stock_location_id, self.item_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<MinimumSet, Stop> {
        let minimum = quantity::checked_as("stock", self.minimum)?;
        let target = quantity::checked_as("stock", self.target)?;
        if target < minimum {
            let message = "The target must be at least the minimum.";
            return Err(Rejection::bad_request("stock.target_below_minimum", message).into());
        }
        let location = stock::open_location(work, self.stock_location_id)?;
        let item = stock::stockable(work, self.item_id)?.id;
        let (mut level, stored) = stock::level_of(work, &location, item)?;
        level.minimum = minimum;
        level.target = target;
        level.save(work, stored)?;
        Ok(MinimumSet { standing: level.standing })
    }
}
