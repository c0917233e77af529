//! `material/v1/add`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        quantity,
        scene::{self, Scene},
        stock,
    },
    tables::{Job, MaterialUsed, PricebookItem, Visit},
};

/// Notes material used on a visit, at the pricebook's present name and price, and takes it out of the truck of whoever
/// used it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AddMaterial {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// Id of the new line, made by the caller.
    pub material_id: Id<MaterialUsed>,
    /// What was used; an active item of the pricebook.
    pub item_id: Id<PricebookItem>,
    /// How much, in the item's unit: above zero, at most three decimals.
    pub quantity: Decimal,
}

/// The material was noted.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MaterialAdded {
    /// The new line.
    pub material_id: Id<MaterialUsed>,
    /// The price of one unit that was noted, in cents of the organization's currency.
    #[serde(serialize_with = "as_text")]
    #[schemars(with = "String")]
    pub unit_price_cents: i64,
}

/// 64-bit integers are text in JSON.
fn as_text<S: serde::Serializer>(number: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

impl Mutation for AddMaterial {
    const NAME: &'static str = "material/v1/add";
    const SUMMARY: &'static str = "Notes material used on a visit.";
    type Output = MaterialAdded;

    fn roots(&self) -> Vec<RowKey> {
        scene::roots(self.job_id, self.visit_id)
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<MaterialAdded, Stop> {
        let quantity = quantity::some("material", self.quantity)?;
        let scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
        scene.require_papers_open("no material can be added")?;
        let item: PricebookItem = work.require(self.item_id)?;
        if !item.active {
            let message = "This item is no longer in the pricebook. Please choose another.";
            return Err(Rejection::conflict("material.item_inactive", message).into());
        }
        let taken_from = stock::use_from_truck(ctx, work, &scene, self.material_id, &item, quantity)?;
        work.insert(&MaterialUsed {
            id: self.material_id,
            rev: UNSAVED,
            job_id: scene.job.id,
            branch_id: scene.job.branch_id,
            visit_id: scene.visit.id,
            item_id: item.id,
            name: item.name,
            quantity,
            unit_price_cents: item.price_cents,
            pricebook_version_id: None,
            stock_location_id: taken_from,
        })?;
        Ok(MaterialAdded { material_id: self.material_id, unit_price_cents: item.price_cents })
    }
}
