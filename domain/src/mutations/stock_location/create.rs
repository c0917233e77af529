//! `stockLocation/v1/create`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{name, require_driver};
use crate::tables::{Branch, StockLocation, StockLocationKind, Technician};

/// Sets up a warehouse or a truck, with nothing in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateStockLocation {
    /// Id of the new place, made by the caller.
    pub stock_location_id: Id<StockLocation>,
    /// The branch it belongs to.
    pub branch_id: Id<Branch>,
    /// Whether it is a warehouse or a truck.
    pub kind: StockLocationKind,
    /// What it is called; at most 100 characters.
    #[schemars(length(max = crate::rules::limits::STOCK_LOCATION_NAME_CHARS))]
    pub name: String,
    /// Who drives the truck: a technician of the branch who drives no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technician_id: Option<Id<Technician>>,
}

/// The place was set up.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StockLocationCreated {
    /// The new place.
    pub stock_location_id: Id<StockLocation>,
}

impl Mutation for CreateStockLocation {
    const NAME: &'static str = "stockLocation/v1/create";
    const SUMMARY: &'static str = "Sets up a warehouse or a truck.";
    type Output = StockLocationCreated;

    fn roots(&self) -> Vec<RowKey> {
        let driver = self.technician_id.map(RowKey::of);
        [RowKey::of(self.stock_location_id)].into_iter().chain(driver).collect()
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<StockLocationCreated, Stop> {
        if matches!(self.kind, StockLocationKind::Unknown(_)) {
            let message = "Please choose one of the kinds warehouse and truck.";
            return Err(Rejection::bad_request("stock_location.kind", message).into());
        }
        let location = StockLocation {
            id: self.stock_location_id,
            rev: UNSAVED,
            branch_id: self.branch_id,
            kind: self.kind.clone(),
            technician_id: self.technician_id,
            name: name(&self.name)?,
            active: true,
        };
        work.require(self.branch_id)?;
        if let Some(driver) = self.technician_id {
            require_driver(work, &location, driver)?;
        }
        work.insert(&location)?;
        Ok(StockLocationCreated { stock_location_id: location.id })
    }
}
