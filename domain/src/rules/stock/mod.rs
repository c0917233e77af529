//! Stock: a ledger of entries, and levels that are their sums.
//!
//! Invariants:
//! - A level's quantity is the sum of the entries of its place and item, whoever wrote them. What these rules write keeps
//!   it; for writers that do not know the rules, a trigger does (`migrations/postgres/0070_stock.sql`).
//! - Nothing is refused because too little is there: below zero is accepted and flagged, because the truck is right and
//!   the books are late.
//! - A rule writes one account only. A transfer's entry in the other account, which its author may not see, is written
//!   by Postgres in the same statement.

mod authority;
mod ids;
mod ledger;
mod level;
mod material;

pub use authority::Mover;
pub use ids::{level_id, page_id, use_id};
pub use ledger::{Entry, post};
pub use level::{level_of, needs_replenishment, shortfall, standing};
pub use material::{correct_use, use_from_truck};

use rust_decimal::Decimal;
use satchel_protocol::{Id, Rejection, Stop, Workspace};

use super::quantity;
use crate::tables::{PricebookItem, PricebookKind, StockLocation};

/// A quantity that moves; refuses zero as well as what no quantity can be.
pub fn moved_quantity(given: Decimal) -> Result<Decimal, Rejection> {
    quantity::some("stock", given)
}

/// A place that material may be moved in and out of.
pub fn open_location(work: &mut Workspace, id: Id<StockLocation>) -> Result<StockLocation, Stop> {
    let location: StockLocation = work.require(id)?;
    if location.active {
        return Ok(location);
    }
    let message = "This stock location is no longer in use. Please choose another.";
    Err(Rejection::conflict("stock_location.inactive", message).into())
}

/// An item that can lie in a truck. One that is sold no more may still be moved.
pub fn stockable(work: &mut Workspace, id: Id<PricebookItem>) -> Result<PricebookItem, Stop> {
    let item: PricebookItem = work.require(id)?;
    if is_stockable(&item) {
        return Ok(item);
    }
    Err(Rejection::bad_request("stock.not_material", "Only material is kept in stock. Please choose another item.")
        .into())
}

/// Whether an item is a thing, which a truck can carry.
pub fn is_stockable(item: &PricebookItem) -> bool {
    item.kind == PricebookKind::Material
}
