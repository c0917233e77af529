//! `technician/v1/setTerritories`.

use std::collections::BTreeSet;

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::limits::TERRITORIES_PER_TECHNICIAN,
    tables::{Technician, TechnicianTerritory, Territory},
};

/// Says where a technician works, all of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetTerritories {
    /// Who.
    pub technician_id: Id<Technician>,
    /// At most 64 territories; none at all for somebody who goes everywhere.
    pub territory_ids: Vec<Id<Territory>>,
}

/// Where the technician works now.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TerritoriesSet {
    /// How many territories.
    pub territories: usize,
}

impl Mutation for SetTerritories {
    const NAME: &'static str = "technician/v1/setTerritories";
    const SUMMARY: &'static str = "Says in which territories a technician works.";
    type Output = TerritoriesSet;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.technician_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<TerritoriesSet, Stop> {
        if self.territory_ids.len() > TERRITORIES_PER_TECHNICIAN {
            let message = format!("A technician can have at most {TERRITORIES_PER_TECHNICIAN} territories.");
            return Err(Rejection::bad_request("technician.too_many_territories", message).into());
        }
        let technician: Technician = work.require(self.technician_id)?;
        let mut wanted: BTreeSet<Id<Territory>> = self.territory_ids.iter().copied().collect();
        let territories = wanted.len();
        let present: Vec<TechnicianTerritory> =
            work.find(TechnicianTerritory::BY_TECHNICIAN, vec![technician.id.into()])?;
        for own in present {
            if !wanted.remove(&own.territory_id) {
                work.delete(own.id)?;
            }
        }
        for territory_id in wanted {
            work.require(territory_id)?;
            work.insert(&TechnicianTerritory {
                id: ctx.derive_id(&format!("technician_territory/{territory_id}")),
                rev: UNSAVED,
                technician_id: technician.id,
                branch_id: technician.branch_id,
                territory_id,
            })?;
        }
        Ok(TerritoriesSet { territories })
    }
}
