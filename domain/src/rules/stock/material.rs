//! What material used on a visit does to the truck it came from.

use rust_decimal::Decimal;
use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace};

use super::{
    authority::truck_of,
    is_stockable,
    ledger::{Entry, post},
    use_id,
};
use crate::{
    roles::Actor,
    rules::scene::Scene,
    tables::{MaterialUsed, PricebookItem, StockCause, StockLocation, Technician},
};

/// Takes material out of the truck of whoever used it, and tells which truck that was. Without a truck nothing moves,
/// and nothing fails: the customer's line matters more than the books.
pub fn use_from_truck(
    ctx: &Ctx,
    work: &mut Workspace,
    scene: &Scene,
    material: Id<MaterialUsed>,
    item: &PricebookItem,
    quantity: Decimal,
) -> Result<Option<Id<StockLocation>>, Stop> {
    if !is_stockable(item) {
        return Ok(None);
    }
    let Some(user) = user_of(ctx, scene) else { return Ok(None) };
    let Some(truck) = truck_of(work, user)? else { return Ok(None) };
    let used = Some((scene.job.id, material));
    post(ctx, work, Entry { used, ..Entry::new(use_id(material), &truck, item.id, -quantity, StockCause::Use) })?;
    Ok(Some(truck.id))
}

/// Who used the material: the technician who says so; where the office does the papers, the only one who went.
fn user_of(ctx: &Ctx, scene: &Scene) -> Option<Id<Technician>> {
    match (scene.actor, &scene.assignments[..]) {
        (Actor::Technician(own), _) => Some(own),
        (Actor::Planner, _) if ctx.technician_id.is_some_and(|own| scene.assignment_of(Id::new(own)).is_some()) => {
            ctx.technician_id.map(Id::new)
        }
        (Actor::Planner, [only]) => Some(only.technician_id),
        (Actor::Planner, _) => None,
    }
}

/// Makes up in the ledger for a line whose quantity becomes `quantity`. Refuses with `material.other_truck` a technician
/// who does not drive the truck that the material came from.
pub fn correct_use(
    ctx: &Ctx,
    work: &mut Workspace,
    scene: &Scene,
    line: &MaterialUsed,
    quantity: Decimal,
) -> Result<(), Stop> {
    let Some(truck) = line.stock_location_id else { return Ok(()) };
    let truck: StockLocation = work.require(truck)?;
    if let Actor::Technician(own) = scene.actor
        && truck.technician_id != Some(own)
    {
        let message = "This came out of another truck. Please ask the colleague who drives it, or the office.";
        return Err(Rejection::forbidden("material.other_truck", message).into());
    }
    let back = line.quantity - quantity;
    if back.is_zero() {
        return Ok(());
    }
    let id = ctx.derive_id("stock_movement");
    post(
        ctx,
        work,
        Entry {
            used: Some((line.job_id, line.id)),
            reversal_of: Some(use_id(line.id)),
            ..Entry::new(id, &truck, line.item_id, back, StockCause::Use)
        },
    )?;
    Ok(())
}
