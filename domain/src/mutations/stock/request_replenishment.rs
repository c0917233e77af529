//! `stock/v1/requestReplenishment`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::level_root;
use crate::{
    rules::{
        clock,
        stock::{self, Mover},
    },
    tables::{PricebookItem, StockLocation},
};

/// Asks for material; a later request replaces an earlier one for the same item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RequestReplenishment {
    /// Where it is needed; for a technician, the own truck.
    pub stock_location_id: Id<StockLocation>,
    /// What is needed; material of the pricebook.
    pub item_id: Id<PricebookItem>,
    /// How much, in the item's unit: above zero, at most three decimals.
    pub quantity: Decimal,
}

/// The request was noted.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ReplenishmentRequested {
    /// How much is there now, in the item's unit.
    pub quantity: Decimal,
}

impl Mutation for RequestReplenishment {
    const NAME: &'static str = "stock/v1/requestReplenishment";
    const SUMMARY: &'static str = "Asks for material for a truck or warehouse.";
    type Output = ReplenishmentRequested;

    fn roots(&self) -> Vec<RowKey> {
        vec![level_root(self.stock_location_id, self.item_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<ReplenishmentRequested, Stop> {
        let mover = Mover::of(ctx)?;
        let quantity = stock::moved_quantity(self.quantity)?;
        let location = stock::open_location(work, self.stock_location_id)?;
        mover.require(&location)?;
        let item = stock::stockable(work, self.item_id)?.id;
        let (mut level, stored) = stock::level_of(work, &location, item)?;
        level.requested = Some(quantity);
        level.requested_at = Some(clock::acted_at(ctx));
        level.save(work, stored)?;
        Ok(ReplenishmentRequested { quantity: level.quantity })
    }
}
