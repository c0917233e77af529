//! `pricebook/v1/setCost`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::money::Cents,
    tables::{PricebookCost, PricebookItem},
};

/// Says what one unit of an item costs the contractor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetCost {
    /// The item.
    pub item_id: Id<PricebookItem>,
    /// Cost of one unit.
    pub cost_cents: Cents,
}

/// The cost was set.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CostSet {
    /// The item.
    pub item_id: Id<PricebookItem>,
}

impl Mutation for SetCost {
    const NAME: &'static str = "pricebook/v1/setCost";
    const SUMMARY: &'static str = "Says what an item costs the contractor.";
    // Phones hold no costs, so they cannot tell whether there is one to change.
    const SERVER_ONLY: bool = true;
    type Output = CostSet;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.item_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<CostSet, Stop> {
        let cost_cents = self.cost_cents.entered("pricebook.cost")?;
        work.require(self.item_id)?;
        let id = Id::new(self.item_id.uuid());
        match work.get::<PricebookCost>(id)? {
            Some(cost) if cost.cost_cents == cost_cents => {}
            Some(cost) => work.update(&PricebookCost { cost_cents, ..cost })?,
            None => work.insert(&PricebookCost { id, rev: UNSAVED, item_id: self.item_id, cost_cents })?,
        }
        Ok(CostSet { item_id: self.item_id })
    }
}
