//! `pricebook/v1/setComponents`.

use std::collections::HashSet;

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        catalogue::{component_graph, require_no_ring},
        limits::COMPONENTS_PER_ITEM,
        quantity,
    },
    tables::{PricebookComponent, PricebookItem},
};

/// A part of an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NewComponent {
    /// The part; not the item itself, nor anything made of it.
    pub component_id: Id<PricebookItem>,
    /// How much of it goes into one unit of the item, in the part's unit: above zero, at most three decimals.
    pub quantity: Decimal,
}

/// Says what an item is made of, in place of what was said before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetComponents {
    /// The item.
    pub item_id: Id<PricebookItem>,
    /// Its parts, each once, in order; at most 50. None for an item without parts.
    pub components: Vec<NewComponent>,
}

/// The parts were set.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ComponentsSet {
    /// How many parts the item has now.
    pub components: usize,
}

impl Mutation for SetComponents {
    const NAME: &'static str = "pricebook/v1/setComponents";
    const SUMMARY: &'static str = "Says what an item of the pricebook is made of.";
    type Output = ComponentsSet;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.item_id), component_graph()]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<ComponentsSet, Stop> {
        if self.components.len() > COMPONENTS_PER_ITEM {
            let message = format!("An item can have at most {COMPONENTS_PER_ITEM} parts.");
            return Err(Rejection::bad_request("pricebook.too_many_components", message).into());
        }
        let mut named = HashSet::new();
        let mut quantities = Vec::new();
        for component in &self.components {
            quantities.push(quantity::some("pricebook", component.quantity)?);
            if !named.insert(component.component_id) {
                let message = "Each part can be named once. Please add the quantities up.";
                return Err(Rejection::bad_request("pricebook.component_twice", message).into());
            }
        }
        work.require(self.item_id)?;
        for component in &self.components {
            work.require(component.component_id)?;
        }
        require_no_ring(work, self.item_id, named)?;
        // What stays keeps its row: two rows of one part, even for a moment, would be refused.
        let mut before: Vec<PricebookComponent> = work.find(PricebookComponent::BY_ITEM, vec![self.item_id.into()])?;
        for (place, (component, quantity)) in self.components.iter().zip(quantities).enumerate() {
            let position = i32::try_from(place + 1).unwrap_or(i32::MAX);
            let component_id = component.component_id;
            if let Some(at) = before.iter().position(|row| row.component_id == component_id) {
                let row = before.swap_remove(at);
                if (row.quantity, row.position) != (quantity, position) {
                    work.update(&PricebookComponent { quantity, position, ..row })?;
                }
                continue;
            }
            work.insert(&PricebookComponent {
                id: ctx.derive_id(&format!("pricebook_component/{component_id}")),
                rev: UNSAVED,
                item_id: self.item_id,
                component_id,
                quantity,
                position,
            })?;
        }
        for row in before {
            work.delete(row.id)?;
        }
        Ok(ComponentsSet { components: self.components.len() })
    }
}
