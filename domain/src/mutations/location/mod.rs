//! Places of customers: `location/v1/...`. Server-only, because the office's postal codes decide on the territory.

mod create;
mod update;

pub use create::CreateLocation;
pub use update::UpdateLocation;

use satchel_protocol::{Id, Rejection, Stop, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::tables::{Location, Territory, TerritoryArea};

/// The place was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LocationSaved {
    /// The place.
    pub location_id: Id<Location>,
    /// The territory it lies in, if any is known.
    pub territory_id: Option<Id<Territory>>,
}

/// Degrees north or south, at most.
const LATITUDE_MAX: i64 = 90;
/// Degrees east or west, at most.
const LONGITUDE_MAX: i64 = 180;

/// The territory whose postal codes have this one.
fn territory_of(work: &mut Workspace, postal_code: Option<&str>) -> Result<Option<Id<Territory>>, Stop> {
    let Some(postal_code) = postal_code else { return Ok(None) };
    let areas: Vec<TerritoryArea> = work.find(TerritoryArea::BY_POSTAL_CODE, vec![postal_code.into()])?;
    Ok(areas.first().map(|area| area.territory_id))
}

/// Refuses a territory that is not served any more.
fn require_served(work: &mut Workspace, territory: Id<Territory>) -> Result<(), Stop> {
    if work.require(territory)?.active {
        return Ok(());
    }
    let message = "This territory is no longer served. Please choose another.";
    Err(Rejection::conflict("territory.inactive", message).into())
}
