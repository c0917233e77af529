//! `material/v1/correct`.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    rules::{
        quantity,
        scene::{self, Scene},
        signing, stock,
    },
    tables::{Job, MaterialUsed, Visit},
};

/// Corrects how much was used; the price stays as it was noted, and the truck gets back what was not used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CorrectMaterial {
    /// The job the visit belongs to.
    pub job_id: Id<Job>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// The line.
    pub material_id: Id<MaterialUsed>,
    /// How much it was, in the item's unit, at most three decimals; zero removes the line.
    pub quantity: Decimal,
}

/// The line was corrected.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MaterialCorrected {
    /// Whether the line was removed.
    pub removed: bool,
}

impl Mutation for CorrectMaterial {
    const NAME: &'static str = "material/v1/correct";
    const SUMMARY: &'static str = "Corrects the quantity of material used; zero removes it.";
    type Output = MaterialCorrected;

    fn roots(&self) -> Vec<RowKey> {
        let mut roots = scene::roots(self.job_id, self.visit_id);
        roots.push(RowKey::of(self.material_id));
        roots
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<MaterialCorrected, Stop> {
        let quantity = quantity::checked(self.quantity)?;
        let scene = Scene::of(ctx, work, self.job_id, self.visit_id)?;
        scene.require_papers_open("its materials can no longer be changed")?;
        signing::require_visit_unsigned(work, scene.visit.id)?;
        let mut line: MaterialUsed = work.require(self.material_id)?;
        if line.visit_id != scene.visit.id {
            let message = "This material was used on another visit.";
            return Err(Rejection::bad_request("material.other_visit", message).into());
        }
        stock::correct_use(ctx, work, &scene, &line, quantity)?;
        if quantity.is_zero() {
            work.delete(line.id)?;
            return Ok(MaterialCorrected { removed: true });
        }
        line.quantity = quantity;
        work.update(&line)?;
        Ok(MaterialCorrected { removed: false })
    }
}
