//! Who may move what.

use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace};

use crate::{
    roles::{INVENTORY_MANAGER, OPERATIONS_MANAGER, OWNER, TECHNICIAN},
    tables::{StockLocation, Technician},
};

/// Roles that may move any stock of the organization, and say how much should be where.
pub const STOCK_KEEPERS: &[&str] = &[OWNER, OPERATIONS_MANAGER, INVENTORY_MANAGER];

/// The author, as far as stock is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mover {
    /// Has one of [`STOCK_KEEPERS`].
    Keeper,
    /// Moves what is in the own truck.
    Technician(Id<Technician>),
}

impl Mover {
    /// Who the author is; refuses with `stock.read_only` an author who may move nothing.
    pub fn of(ctx: &Ctx) -> Result<Self, Rejection> {
        if ctx.has_role(STOCK_KEEPERS) {
            return Ok(Self::Keeper);
        }
        match ctx.technician_id {
            Some(id) if ctx.has_role(&[TECHNICIAN]) => Ok(Self::Technician(Id::new(id))),
            _ => Err(Rejection::forbidden(
                "stock.read_only",
                "Your role in this organization does not allow moving stock.",
            )),
        }
    }

    /// Refuses with `stock.keeper_only` an author who does not keep the stock.
    pub fn require_keeper(ctx: &Ctx) -> Result<(), Rejection> {
        match Self::of(ctx)? {
            Self::Keeper => Ok(()),
            Self::Technician(_) => Err(Rejection::forbidden(
                "stock.keeper_only",
                "Only the inventory manager can do this. Please ask the office.",
            )),
        }
    }

    /// Whether the author answers for what lies in that place.
    pub fn answers_for(self, location: &StockLocation) -> bool {
        match self {
            Self::Keeper => true,
            Self::Technician(own) => location.technician_id == Some(own),
        }
    }

    /// Refuses with `stock.other_location` an author who does not answer for that place.
    pub fn require(self, location: &StockLocation) -> Result<(), Rejection> {
        if self.answers_for(location) {
            return Ok(());
        }
        let message = "This is not your truck. Please choose your own, or ask the inventory manager.";
        Err(Rejection::forbidden("stock.other_location", message))
    }
}

/// The truck that a technician drives now, if it is in use.
pub(super) fn truck_of(work: &mut Workspace, technician: Id<Technician>) -> Result<Option<StockLocation>, Stop> {
    let trucks: Vec<StockLocation> = work.find(StockLocation::BY_TECHNICIAN, vec![technician.into()])?;
    Ok(trucks.into_iter().find(|truck| truck.active))
}
