//! `location/v1/create`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{LATITUDE_MAX, LONGITUDE_MAX, LocationSaved, require_served, territory_of};
use crate::{
    rules::{limits, reach, text},
    tables::{Customer, Location, Territory},
};

/// Writes down a new place of a customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateLocation {
    /// Id of the new place, made by the caller.
    pub location_id: Id<Location>,
    /// The customer.
    pub customer_id: Id<Customer>,
    /// Street address; at most 500 characters.
    #[schemars(length(max = limits::ADDRESS_CHARS))]
    pub address: String,
    /// IANA time zone of the place: `America/Denver`.
    #[schemars(length(max = limits::ZONE_CHARS))]
    pub zone: String,
    /// Degrees north; kept with six decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<Decimal>,
    /// Degrees east; kept with six decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<Decimal>,
    /// How to get in; at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::REASON_CHARS))]
    pub access_notes: Option<String>,
    /// Postal code, at most 16 characters; finds the territory, where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::POSTAL_CODE_CHARS))]
    pub postal_code: Option<String>,
    /// The territory; an active one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory_id: Option<Id<Territory>>,
}

impl Mutation for CreateLocation {
    const NAME: &'static str = "location/v1/create";
    const SUMMARY: &'static str = "Creates a place of a customer, in the territory of its postal code.";
    const SERVER_ONLY: bool = true;
    type Output = LocationSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.customer_id), RowKey::of(self.location_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<LocationSaved, Stop> {
        let mut location = Location {
            id: self.location_id,
            rev: UNSAVED,
            customer_id: self.customer_id,
            address: text::required("location.address", "an address", &self.address, limits::ADDRESS_CHARS)?,
            latitude: reach::degrees(self.latitude, LATITUDE_MAX)?,
            longitude: reach::degrees(self.longitude, LONGITUDE_MAX)?,
            zone: reach::zone("location", &self.zone)?,
            access_notes: text::optional(
                "location.access_notes",
                "the access notes",
                self.access_notes.as_deref(),
                limits::REASON_CHARS,
            )?,
            postal_code: reach::postal_code("location", self.postal_code.as_deref())?,
            territory_id: self.territory_id,
        };
        work.require(self.customer_id)?;
        match self.territory_id {
            Some(territory) => require_served(work, territory)?,
            None => location.territory_id = territory_of(work, location.postal_code.as_deref())?,
        }
        work.insert(&location)?;
        Ok(LocationSaved { location_id: location.id, territory_id: location.territory_id })
    }
}
