//! `material/v1/add`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        clock,
        money::Cents,
        pricing, quantity,
        scene::{self, Scene},
        signing, stock,
    },
    tables::{Job, MaterialUsed, PricebookItem, Visit},
};

/// Notes material used on a visit, at the pricebook's name and price of then, and takes it out of the truck of whoever
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
    pub unit_price_cents: Cents,
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
        signing::require_visit_unsigned(work, scene.visit.id)?;
        let item = pricing::require_sellable(work, self.item_id, "material")?;
        let list = pricing::list_price(work, &item, &scene.job, clock::acted_at(ctx))?;
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
            unit_price_cents: list.unit_price_cents.get(),
            pricebook_version_id: list.version_id,
            stock_location_id: taken_from,
        })?;
        Ok(MaterialAdded { material_id: self.material_id, unit_price_cents: list.unit_price_cents })
    }
}
