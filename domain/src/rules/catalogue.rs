//! The shape of the pricebook: the tree of its headings, and what things are made of.

use satchel_protocol::{Id, Rejection, RowKey, Stop, Workspace};
use uuid::Uuid;

use super::limits::{CATEGORY_DEPTH, COMPONENT_DEPTH};
use crate::tables::{PricebookCategory, PricebookComponent, PricebookItem};

/// What to lock before changing the tree of headings: two moves at once could make a ring of it.
pub fn category_tree() -> RowKey {
    RowKey::of(Id::<PricebookCategory>::new(Uuid::nil()))
}

/// What to lock before changing what anything is made of: two changes at once could make a ring.
pub fn component_graph() -> RowKey {
    RowKey::of(Id::<PricebookComponent>::new(Uuid::nil()))
}

/// Refuses a place in the tree that is below the heading itself (`pricebook.category_ring`) or too deep
/// (`pricebook.category_too_deep`).
pub fn require_place(
    work: &mut Workspace,
    category: Id<PricebookCategory>,
    parent: Option<Id<PricebookCategory>>,
) -> Result<(), Stop> {
    let mut above = parent;
    for _ in 0..CATEGORY_DEPTH {
        let Some(id) = above else { return Ok(()) };
        if id == category {
            let message = "A heading cannot stand below itself. Please choose another place.";
            return Err(Rejection::conflict("pricebook.category_ring", message).into());
        }
        above = work.require(id)?.parent_id;
    }
    let message = format!("Headings can be at most {CATEGORY_DEPTH} deep. Please choose a higher place.");
    Err(Rejection::conflict("pricebook.category_too_deep", message).into())
}

/// Refuses parts that contain the whole (`pricebook.component_ring`), or that go deeper than [`COMPONENT_DEPTH`]
/// (`pricebook.components_too_deep`).
pub fn require_no_ring(
    work: &mut Workspace,
    whole: Id<PricebookItem>,
    parts: impl IntoIterator<Item = Id<PricebookItem>>,
) -> Result<(), Stop> {
    let mut level: Vec<Id<PricebookItem>> = parts.into_iter().collect();
    for _ in 0..COMPONENT_DEPTH {
        if level.contains(&whole) {
            let message = "An item cannot be made of itself, directly or through its parts. Please choose other parts.";
            return Err(Rejection::conflict("pricebook.component_ring", message).into());
        }
        let mut below = Vec::new();
        for part in level {
            let parts: Vec<PricebookComponent> = work.find(PricebookComponent::BY_ITEM, vec![part.into()])?;
            below.extend(parts.into_iter().map(|part| part.component_id));
        }
        below.sort_unstable();
        below.dedup();
        if below.is_empty() {
            return Ok(());
        }
        level = below;
    }
    let message = format!("Parts of parts can go at most {COMPONENT_DEPTH} deep. Please choose simpler parts.");
    Err(Rejection::conflict("pricebook.components_too_deep", message).into())
}
