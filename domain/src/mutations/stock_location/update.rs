//! `stockLocation/v1/update`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{name, require_driver};
use crate::tables::{StockLocation, Technician};

/// Changes a warehouse or truck. Fields left out stay as they are. What lies in it stays in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateStockLocation {
    /// The place.
    pub stock_location_id: Id<StockLocation>,
    /// New name; at most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = crate::rules::limits::STOCK_LOCATION_NAME_CHARS))]
    pub name: Option<String>,
    /// Who drives the truck now: a technician of the branch who drives no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technician_id: Option<Id<Technician>>,
    /// True to have nobody drive it; not together with a technician.
    #[serde(default)]
    pub without_technician: bool,
    /// Whether material may be moved in and out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// The place was changed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StockLocationUpdated {
    /// The place.
    pub stock_location_id: Id<StockLocation>,
}

impl Mutation for UpdateStockLocation {
    const NAME: &'static str = "stockLocation/v1/update";
    const SUMMARY: &'static str = "Changes a stock location's name, driver or use.";
    type Output = StockLocationUpdated;

    fn roots(&self) -> Vec<RowKey> {
        let driver = self.technician_id.map(RowKey::of);
        [RowKey::of(self.stock_location_id)].into_iter().chain(driver).collect()
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<StockLocationUpdated, Stop> {
        let mut location: StockLocation = work.require(self.stock_location_id)?;
        let before = location.clone();
        if let Some(given) = &self.name {
            location.name = name(given)?;
        }
        match (self.technician_id, self.without_technician) {
            (Some(_), true) => {
                let message = "Please name a technician, or nobody, but not both.";
                return Err(Rejection::bad_request("stock_location.driver", message).into());
            }
            (Some(driver), false) => {
                require_driver(work, &location, driver)?;
                location.technician_id = Some(driver);
            }
            (None, true) => location.technician_id = None,
            (None, false) => {}
        }
        if let Some(active) = self.active {
            location.active = active;
        }
        let asked = [self.name.is_some(), self.technician_id.is_some(), self.without_technician, self.active.is_some()];
        if !asked.contains(&true) {
            let message = "Please say what to change.";
            return Err(Rejection::bad_request("stock_location.nothing_to_change", message).into());
        }
        if location != before {
            work.update(&location)?;
        }
        Ok(StockLocationUpdated { stock_location_id: location.id })
    }
}
