//! The pricebook: `pricebook/v1/...`. Read by everybody, written by those who keep it.

mod category;
mod create_item;
mod customer_price;
mod price;
mod retire_item;
mod set_components;
mod set_cost;
mod set_tax_rate;
mod update_item;
mod version;

pub use category::{CategoryWritten, CreateCategory, UpdateCategory};
pub use create_item::{CreateItem, ItemWritten};
pub use customer_price::{CustomerPriceSet, SetCustomerPrice};
pub use price::{NewPrice, PricesSet, SetPrices};
pub use retire_item::RetireItem;
pub use set_components::{ComponentsSet, NewComponent, SetComponents};
pub use set_cost::{CostSet, SetCost};
pub use set_tax_rate::{SetTaxRate, TaxRateSet};
pub use update_item::UpdateItem;
pub use version::{CreateVersion, PublishVersion, RetireVersion, VersionMoved};

use satchel_protocol::{Id, Rejection, Stop, Workspace};

use crate::{
    rules::limits::LABOUR_MINUTES,
    tables::{PricebookCategory, PricebookKind},
};

/// Refuses a kind that this build does not know: it would not be stored.
fn known_kind(kind: &PricebookKind) -> Result<PricebookKind, Rejection> {
    match kind {
        PricebookKind::Unknown(_) => {
            let message = "Please choose one of the kinds service, material, labour and bundle.";
            Err(Rejection::bad_request("pricebook.kind", message))
        }
        known => Ok(known.clone()),
    }
}

/// Planned minutes of work: none negative, at most [`LABOUR_MINUTES`].
fn labour(minutes: Option<i32>) -> Result<Option<i32>, Rejection> {
    if minutes.is_none_or(|minutes| (0..=LABOUR_MINUTES).contains(&minutes)) {
        return Ok(minutes);
    }
    let message = format!("Please give planned minutes from 0 to {LABOUR_MINUTES}.");
    Err(Rejection::bad_request("pricebook.labour_minutes", message))
}

/// Refuses a heading that is not there.
fn require_category(work: &mut Workspace, category: Option<Id<PricebookCategory>>) -> Result<(), Stop> {
    match category {
        Some(category) => work.require(category).map(drop),
        None => Ok(()),
    }
}
