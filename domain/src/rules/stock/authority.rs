//! Which stock an author may move. That the author may move stock at all, the policy has said before.

use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace};

use crate::{
    roles::{Actor, STOCK_KEEPERS},
    tables::{StockLocation, Technician},
};

/// The author, as far as stock is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mover {
    /// Of the office: any in sight.
    Keeper,
    /// Moves what is in the own truck.
    Technician(Id<Technician>),
}

impl Mover {
    /// Who the author is: members in [`STOCK_KEEPERS`], and whoever is no technician, keep all of it. Refuses a technician
    /// who has no technician row with `role.no_technician`.
    pub fn of(ctx: &Ctx) -> Result<Self, Rejection> {
        Ok(match Actor::beside(ctx, STOCK_KEEPERS)? {
            Actor::Planner => Self::Keeper,
            Actor::Technician(own) => Self::Technician(own),
        })
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
