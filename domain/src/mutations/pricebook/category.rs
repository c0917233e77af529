//! Headings: `pricebook/v1/createCategory`, `updateCategory`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        catalogue::{category_tree, require_place},
        limits, text,
    },
    tables::PricebookCategory,
};

/// Adds a heading to the pricebook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateCategory {
    /// Id of the new heading, made by the caller.
    pub category_id: Id<PricebookCategory>,
    /// The heading above; none for a topmost one. Headings can be 6 deep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<Id<PricebookCategory>>,
    /// What it is called: one line, at most 200 characters.
    #[schemars(length(max = limits::LINE_CHARS))]
    pub name: String,
    /// Place among its siblings, from 1 to 10,000; the first when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i32>,
}

/// Changes a heading. Fields left out stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UpdateCategory {
    /// The heading.
    pub category_id: Id<PricebookCategory>,
    /// The heading above it now; not one that stands below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<Id<PricebookCategory>>,
    /// True to make it a topmost one.
    #[serde(default)]
    pub topmost: bool,
    /// New name: one line, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::LINE_CHARS))]
    pub name: Option<String>,
    /// New place among its siblings, from 1 to 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i32>,
    /// Whether it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// The heading was written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CategoryWritten {
    /// The heading.
    pub category_id: Id<PricebookCategory>,
}

impl Mutation for CreateCategory {
    const NAME: &'static str = "pricebook/v1/createCategory";
    const SUMMARY: &'static str = "Adds a heading to the pricebook.";
    type Output = CategoryWritten;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.category_id), category_tree()]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<CategoryWritten, Stop> {
        let category = PricebookCategory {
            id: self.category_id,
            rev: UNSAVED,
            parent_id: self.parent_id,
            name: text::required("pricebook.category_name", "a name", &self.name, limits::LINE_CHARS)?,
            position: place(self.position.unwrap_or(1))?,
            active: true,
        };
        require_place(work, self.category_id, self.parent_id)?;
        work.insert(&category)?;
        Ok(CategoryWritten { category_id: self.category_id })
    }
}

impl Mutation for UpdateCategory {
    const NAME: &'static str = "pricebook/v1/updateCategory";
    const SUMMARY: &'static str = "Changes a heading of the pricebook.";
    type Output = CategoryWritten;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.category_id), category_tree()]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<CategoryWritten, Stop> {
        let moves = self.topmost || self.parent_id.is_some();
        if !moves && self.name.is_none() && self.position.is_none() && self.active.is_none() {
            return Err(Rejection::bad_request("pricebook.nothing_to_change", "Please say what to change.").into());
        }
        if self.topmost && self.parent_id.is_some() {
            let message = "A topmost heading has none above it. Please choose one of both.";
            return Err(Rejection::bad_request("pricebook.category_place_twice", message).into());
        }
        let mut category: PricebookCategory = work.require(self.category_id)?;
        if let Some(name) = &self.name {
            category.name = text::required("pricebook.category_name", "a name", name, limits::LINE_CHARS)?;
        }
        if let Some(position) = self.position {
            category.position = place(position)?;
        }
        category.active = self.active.unwrap_or(category.active);
        if moves {
            require_place(work, self.category_id, self.parent_id)?;
            category.parent_id = self.parent_id;
        }
        work.update(&category)?;
        Ok(CategoryWritten { category_id: self.category_id })
    }
}

fn place(position: i32) -> Result<i32, Rejection> {
    if (1..=limits::POSITION).contains(&position) {
        return Ok(position);
    }
    let message = format!("Please give a place from 1 to {}.", limits::POSITION);
    Err(Rejection::bad_request("pricebook.position", message))
}
