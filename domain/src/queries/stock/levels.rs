//! `stock/v1/levels`.

use rust_decimal::Decimal;
use satchel_protocol::{After, Id, Limit, Query, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    queries::example_id,
    tables::{Branch, PricebookItem, StockLevel, StockLocation, StockLocationKind, StockStanding, Technician},
};

/// What lies in a branch's warehouses and trucks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StockLevels {
    /// The branch.
    pub branch_id: Id<Branch>,
    /// Only this place.
    #[serde(default)]
    pub stock_location_id: Option<Id<StockLocation>>,
    /// Only what is below its minimum, below zero, or asked for.
    #[serde(default)]
    pub to_replenish: bool,
    /// How many.
    #[serde(default)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<After<(Uuid,)>>,
}

/// A page of levels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StockPage {
    /// The levels.
    pub levels: Vec<LevelView>,
    /// The `after` of the next page; null on the last.
    pub next: Option<String>,
}

/// How much of an item lies in a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LevelView {
    /// The level.
    pub stock_level_id: Id<StockLevel>,
    /// The place.
    pub stock_location_id: Id<StockLocation>,
    /// What the place is called.
    pub stock_location_name: String,
    /// Whether it is a warehouse or a truck.
    pub kind: StockLocationKind,
    /// Who drives the truck.
    pub technician_id: Option<Id<Technician>>,
    /// The item.
    pub item_id: Id<PricebookItem>,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// How much is there, in that unit; below zero when something was not written down.
    pub quantity: Decimal,
    /// Below this much it is to be replenished,
    pub minimum: Decimal,
    /// up to this much.
    pub target: Decimal,
    /// How the quantity compares with zero and the minimum.
    pub standing: StockStanding,
    /// How much somebody asked for.
    pub requested: Option<Decimal>,
    /// When.
    pub requested_at: Option<Instant>,
}

impl Query for StockLevels {
    const NAME: &'static str = "stock/v1/levels";
    const SUMMARY: &'static str = "What lies in a branch's warehouses and trucks, and what is to be replenished.";
    const SQL: &'static str = include_str!("levels.sql");
    type Output = StockPage;

    fn example() -> Self {
        Self {
            branch_id: example_id("branch"),
            stock_location_id: None,
            to_replenish: true,
            limit: Limit::default(),
            after: None,
        }
    }
}
