//! Levels: how much is there, and whether it is enough.

use rust_decimal::Decimal;
use satchel_protocol::{Id, Rejection, Stop, Workspace, record::UNSAVED};

use super::level_id;
use crate::{
    rules::quantity,
    tables::{PricebookItem, StockLevel, StockLocation, StockStanding},
};

/// How a quantity compares with zero and a minimum.
pub fn standing(quantity: Decimal, minimum: Decimal) -> StockStanding {
    if quantity < Decimal::ZERO {
        StockStanding::Negative
    } else if quantity < minimum {
        StockStanding::Low
    } else {
        StockStanding::Enough
    }
}

/// Whether a level is to be replenished: it stands below its minimum or below zero, or somebody asked.
pub fn needs_replenishment(level: &StockLevel) -> bool {
    level.standing != StockStanding::Enough || level.requested.is_some()
}

/// How much it takes to replenish a level: up to its target, or what was asked for if that is more. Zero when nothing
/// is missing.
pub fn shortfall(level: &StockLevel) -> Decimal {
    let to_target = level.target - level.quantity;
    to_target.max(level.requested.unwrap_or_default()).max(Decimal::new(0, quantity::PLACES))
}

/// The level of an item in a place, and whether it is stored; an empty one where nothing was ever moved.
pub fn level_of(
    work: &mut Workspace,
    location: &StockLocation,
    item: Id<PricebookItem>,
) -> Result<(StockLevel, bool), Stop> {
    let id = level_id(location.id, item);
    if let Some(level) = work.get(id)? {
        return Ok((level, true));
    }
    let nothing = Decimal::new(0, quantity::PLACES);
    let level = StockLevel {
        id,
        rev: UNSAVED,
        stock_location_id: location.id,
        branch_id: location.branch_id,
        item_id: item,
        quantity: nothing,
        minimum: nothing,
        target: nothing,
        standing: StockStanding::Enough,
        requested: None,
        requested_at: None,
    };
    Ok((level, false))
}

impl StockLevel {
    /// Adds to the quantity, or takes from it. Refuses with `stock.level_too_large` what Postgres could not keep.
    pub(crate) fn add(&mut self, difference: Decimal) -> Result<(), Rejection> {
        let mut sum = self.quantity + difference;
        if quantity::checked(sum.abs()).is_err() {
            let message = "This would make the stock level too large. Please check the quantity.";
            return Err(Rejection::conflict("stock.level_too_large", message));
        }
        // Zero has no sign in Postgres.
        if sum.is_zero() {
            sum = Decimal::new(0, quantity::PLACES);
        }
        self.quantity = sum;
        Ok(())
    }

    /// Writes the level, brought in step with its own minimum.
    pub(crate) fn save(&mut self, work: &mut Workspace, stored: bool) -> Result<(), Stop> {
        self.standing = standing(self.quantity, self.minimum);
        if stored { work.update(self) } else { work.insert(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_negative_low_or_enough() {
        let of = |quantity: &str, minimum: &str| standing(quantity.parse().unwrap(), minimum.parse().unwrap());
        assert_eq!(of("-0.001", "0"), StockStanding::Negative);
        assert_eq!(of("0", "0"), StockStanding::Enough);
        assert_eq!(of("1.999", "2"), StockStanding::Low);
        assert_eq!(of("2", "2"), StockStanding::Enough);
    }
}
