//! `pricebook/v1/updateItem`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ItemWritten, labour, require_category};
use crate::{
    rules::{limits, money::Cents, pricing::known_class, text},
    tables::{PricebookCategory, PricebookItem, TaxClass},
};

/// Changes an item of the pricebook for whatever is sold from now on; what was written down keeps its name and price.
/// Fields left out stay as they are, so that edits of different fields merge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateItem {
    /// The item.
    pub item_id: Id<PricebookItem>,
    /// New code: unique in the organization, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::CODE_CHARS))]
    pub code: Option<String>,
    /// New name: one line, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::LINE_CHARS))]
    pub name: Option<String>,
    /// New price of one unit, where no version gives another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_cents: Option<Cents>,
    /// The heading it stands under now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<Id<PricebookCategory>>,
    /// How it is taxed now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_class: Option<TaxClass>,
    /// Minutes of work that one unit is planned to take now; at most 43,200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labour_minutes: Option<i32>,
    /// What the customer reads about it now; at most 4,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::ITEM_DESCRIPTION_CHARS))]
    pub description: Option<String>,
    /// True to sell an item again that was retired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

impl Mutation for UpdateItem {
    const NAME: &'static str = "pricebook/v1/updateItem";
    const SUMMARY: &'static str = "Changes an item of the pricebook.";
    type Output = ItemWritten;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.item_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<ItemWritten, Stop> {
        let asked = [
            self.code.is_some(),
            self.name.is_some(),
            self.price_cents.is_some(),
            self.category_id.is_some(),
            self.tax_class.is_some(),
            self.labour_minutes.is_some(),
            self.description.is_some(),
            self.active.is_some(),
        ];
        if !asked.contains(&true) {
            return Err(Rejection::bad_request("pricebook.nothing_to_change", "Please say what to change.").into());
        }
        let mut item: PricebookItem = work.require(self.item_id)?;
        let before = item.clone();
        if let Some(code) = &self.code {
            item.code = text::required("pricebook.code", "a code", code, limits::CODE_CHARS)?;
        }
        if let Some(name) = &self.name {
            item.name = text::required("pricebook.name", "a name", name, limits::LINE_CHARS)?;
        }
        if let Some(price) = self.price_cents {
            item.price_cents = price.entered("pricebook.price")?.get();
        }
        if let Some(class) = &self.tax_class {
            item.tax_class = known_class(class)?;
        }
        if self.labour_minutes.is_some() {
            item.labour_minutes = labour(self.labour_minutes)?;
        }
        if let Some(description) = &self.description {
            let max = limits::ITEM_DESCRIPTION_CHARS;
            item.description = text::checked("pricebook.description", "the description", description, max)?;
        }
        if self.category_id.is_some() {
            require_category(work, self.category_id)?;
            item.category_id = self.category_id;
        }
        item.active = self.active.unwrap_or(item.active);
        if item != before {
            work.update(&item)?;
        }
        Ok(ItemWritten { item_id: item.id })
    }
}
