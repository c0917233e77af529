//! `pricebook/v1/setPrices`.

use std::collections::HashSet;

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::version::standing;
use crate::{
    rules::{limits::PRICES_PER_CHANGE, money::Cents},
    tables::{PricebookItem, PricebookPrice, PricebookVersion, VersionState},
};

/// A price in a version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NewPrice {
    /// The item.
    pub item_id: Id<PricebookItem>,
    /// Price of one unit; none to leave the item out of the version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_cents: Option<Cents>,
}

/// Sets prices in a version that is still a draft. Items that are not named keep theirs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetPrices {
    /// The version.
    pub version_id: Id<PricebookVersion>,
    /// The prices, each item once; at most 200.
    pub prices: Vec<NewPrice>,
}

/// The prices were set.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PricesSet {
    /// How many items were named.
    pub prices: usize,
}

impl Mutation for SetPrices {
    const NAME: &'static str = "pricebook/v1/setPrices";
    const SUMMARY: &'static str = "Sets prices in a version of the pricebook.";
    type Output = PricesSet;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.version_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<PricesSet, Stop> {
        if self.prices.len() > PRICES_PER_CHANGE {
            let message = format!("At most {PRICES_PER_CHANGE} prices can be set at a time.");
            return Err(Rejection::bad_request("pricebook.too_many_prices", message).into());
        }
        let mut named = HashSet::new();
        for price in &self.prices {
            price.price_cents.map(|price| price.entered("pricebook.price")).transpose()?;
            if !named.insert(price.item_id) {
                let message = "Each item can be named once.";
                return Err(Rejection::bad_request("pricebook.item_twice", message).into());
            }
        }
        let version = standing(work, self.version_id, &VersionState::Draft)?;
        for price in &self.prices {
            work.require(price.item_id)?;
            let prices: Vec<PricebookPrice> = work.find(PricebookPrice::BY_ITEM, vec![price.item_id.into()])?;
            let before = prices.into_iter().find(|before| before.version_id == version.id);
            match (before, price.price_cents) {
                (None, None) => {}
                (Some(before), None) => work.delete(before.id)?,
                (Some(before), Some(price_cents)) if before.price_cents == price_cents => {}
                (Some(before), Some(price_cents)) => work.update(&PricebookPrice { price_cents, ..before })?,
                (None, Some(price_cents)) => work.insert(&PricebookPrice {
                    id: ctx.derive_id(&format!("pricebook_price/{}", price.item_id)),
                    rev: UNSAVED,
                    version_id: version.id,
                    item_id: price.item_id,
                    price_cents,
                })?,
            }
        }
        Ok(PricesSet { prices: self.prices.len() })
    }
}
