//! Territories: `territory/v1/...`.

mod create;
mod set_postal_codes;
mod update;

pub use create::CreateTerritory;
pub use set_postal_codes::{PostalCodesSet, SetPostalCodes};
pub use update::UpdateTerritory;

use satchel_protocol::Id;
use schemars::JsonSchema;
use serde::Serialize;

use crate::tables::Territory;

/// The territory was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TerritorySaved {
    /// The territory.
    pub territory_id: Id<Territory>,
}
