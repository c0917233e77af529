//! `location/v1/update`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{LATITUDE_MAX, LONGITUDE_MAX, LocationSaved, require_served, territory_of};
use crate::{
    rules::{change::Changes, limits, reach},
    tables::{Location, Territory},
};

/// Changes what is written of a place. Fields left out stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateLocation {
    /// The place.
    pub location_id: Id<Location>,
    /// New street address; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::ADDRESS_CHARS))]
    pub address: Option<String>,
    /// New IANA time zone. Visits keep the zone they were promised in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::ZONE_CHARS))]
    pub zone: Option<String>,
    /// New degrees north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<Decimal>,
    /// New degrees east.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<Decimal>,
    /// How to get in now, at most 2,000 characters; empty to say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::REASON_CHARS))]
    pub access_notes: Option<String>,
    /// New postal code, at most 16 characters, empty to have none; finds the territory anew, where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::POSTAL_CODE_CHARS))]
    pub postal_code: Option<String>,
    /// New territory; an active one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory_id: Option<Id<Territory>>,
}

impl Mutation for UpdateLocation {
    const NAME: &'static str = "location/v1/update";
    const SUMMARY: &'static str =
        "Changes a place's address, zone, coordinates, access notes, postal code or territory.";
    const SERVER_ONLY: bool = true;
    type Output = LocationSaved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.location_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<LocationSaved, Stop> {
        let before: Location = work.require(self.location_id)?;
        let mut row = before.clone();
        let mut changes = Changes::of("location");
        changes.required(
            &mut row.address,
            self.address.as_deref(),
            ("address", "an address"),
            limits::ADDRESS_CHARS,
        )?;
        changes.value(&mut row.zone, self.zone.as_deref().map(|new| reach::zone("location", new)).transpose()?);
        changes.value(&mut row.latitude, self.latitude.map(|new| reach::degrees(Some(new), LATITUDE_MAX)).transpose()?);
        changes
            .value(&mut row.longitude, self.longitude.map(|new| reach::degrees(Some(new), LONGITUDE_MAX)).transpose()?);
        let notes = ("access_notes", "the access notes");
        changes.optional(&mut row.access_notes, self.access_notes.as_deref(), notes, limits::REASON_CHARS)?;
        if self.postal_code.is_some() {
            changes.value(&mut row.postal_code, Some(reach::postal_code("location", self.postal_code.as_deref())?));
            if self.territory_id.is_none() && row.postal_code != before.postal_code {
                row.territory_id = territory_of(work, row.postal_code.as_deref())?;
            }
        }
        if let Some(territory) = self.territory_id {
            require_served(work, territory)?;
            changes.value(&mut row.territory_id, Some(Some(territory)));
        }
        changes.save(work, &before, &row)?;
        Ok(LocationSaved { location_id: row.id, territory_id: row.territory_id })
    }
}
