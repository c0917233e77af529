//! `pricebook/v1/retireItem`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ItemWritten;
use crate::tables::PricebookItem;

/// Takes an item out of the pricebook: it is not sold any more. What was sold stays as it was written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RetireItem {
    /// The item.
    pub item_id: Id<PricebookItem>,
}

impl Mutation for RetireItem {
    const NAME: &'static str = "pricebook/v1/retireItem";
    const SUMMARY: &'static str = "Takes an item out of the pricebook.";
    type Output = ItemWritten;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.item_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<ItemWritten, Stop> {
        let item: PricebookItem = work.require(self.item_id)?;
        if item.active {
            work.update(&PricebookItem { active: false, ..item })?;
        }
        Ok(ItemWritten { item_id: self.item_id })
    }
}
