//! `pricebook/v1/createItem`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{known_kind, labour, require_category};
use crate::{
    rules::{limits, money::Cents, pricing::known_class, text},
    tables::{PricebookCategory, PricebookItem, PricebookKind, TaxClass},
};

/// Adds an item to the pricebook. It can be sold at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateItem {
    /// Id of the new item, made by the caller.
    pub item_id: Id<PricebookItem>,
    /// The code people know it by: unique in the organization, at most 64 characters.
    #[schemars(length(max = limits::CODE_CHARS))]
    pub code: String,
    /// What it is called: one line, at most 200 characters.
    #[schemars(length(max = limits::LINE_CHARS))]
    pub name: String,
    /// What kind of thing it is.
    pub kind: PricebookKind,
    /// What one unit is: `each`, `foot`, `hour`; at most 32 characters.
    #[schemars(length(max = limits::UNIT_CHARS))]
    pub unit: String,
    /// Price of one unit, where no version gives another.
    pub price_cents: Cents,
    /// The heading it stands under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<Id<PricebookCategory>>,
    /// How it is taxed; `standard` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_class: Option<TaxClass>,
    /// Minutes of work that one unit is planned to take; at most 43,200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labour_minutes: Option<i32>,
    /// What the customer reads about it; at most 4,000 characters.
    #[serde(default)]
    #[schemars(length(max = limits::ITEM_DESCRIPTION_CHARS))]
    pub description: String,
}

/// The item was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ItemWritten {
    /// The item.
    pub item_id: Id<PricebookItem>,
}

impl Mutation for CreateItem {
    const NAME: &'static str = "pricebook/v1/createItem";
    const SUMMARY: &'static str = "Adds an item to the pricebook.";
    type Output = ItemWritten;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.item_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<ItemWritten, Stop> {
        let description = &self.description;
        let item = PricebookItem {
            id: self.item_id,
            rev: UNSAVED,
            code: text::required("pricebook.code", "a code", &self.code, limits::CODE_CHARS)?,
            name: text::required("pricebook.name", "a name", &self.name, limits::LINE_CHARS)?,
            kind: known_kind(&self.kind)?,
            unit: text::required("pricebook.unit", "a unit", &self.unit, limits::UNIT_CHARS)?,
            price_cents: self.price_cents.entered("pricebook.price")?.get(),
            active: true,
            category_id: self.category_id,
            tax_class: known_class(self.tax_class.as_ref().unwrap_or(&TaxClass::Standard))?,
            labour_minutes: labour(self.labour_minutes)?,
            description: text::checked(
                "pricebook.description",
                "the description",
                description,
                limits::ITEM_DESCRIPTION_CHARS,
            )?,
        };
        require_category(work, self.category_id)?;
        work.insert(&item)?;
        Ok(ItemWritten { item_id: item.id })
    }
}
