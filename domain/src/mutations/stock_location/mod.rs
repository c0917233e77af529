//! Warehouses and trucks: `stockLocation/v1/...`.

mod create;
mod update;

pub use create::{CreateStockLocation, StockLocationCreated};
pub use update::{StockLocationUpdated, UpdateStockLocation};

use satchel_protocol::{Id, Rejection, Stop, Workspace};

use crate::{
    rules::{limits, text},
    tables::{StockLocation, StockLocationKind, Technician},
};

/// A name in proper form.
fn name(given: &str) -> Result<String, Rejection> {
    text::required("stock_location.name", "a name", given, limits::STOCK_LOCATION_NAME_CHARS)
}

/// Refuses a driver who is not active, works for another branch, or drives another truck; and any of a warehouse.
fn require_driver(work: &mut Workspace, location: &StockLocation, driver: Id<Technician>) -> Result<(), Stop> {
    if location.kind != StockLocationKind::Truck {
        let message = "Only a truck is driven by a technician.";
        return Err(Rejection::bad_request("stock_location.not_a_truck", message).into());
    }
    let technician: Technician = work.require(driver)?;
    if !technician.active {
        let message = "This technician is no longer active. Please choose another.";
        return Err(Rejection::conflict("technician.inactive", message).into());
    }
    if technician.branch_id != location.branch_id {
        let message = "This technician works for another branch than the truck.";
        return Err(Rejection::conflict("stock_location.other_branch", message).into());
    }
    let driven: Vec<StockLocation> = work.find(StockLocation::BY_TECHNICIAN, vec![driver.into()])?;
    if driven.iter().any(|other| other.id != location.id) {
        let message = "This technician already drives a truck. Please take that one away first.";
        return Err(Rejection::conflict("stock_location.has_truck", message).into());
    }
    Ok(())
}
