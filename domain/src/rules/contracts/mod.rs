//! Maintenance contracts, and the visits they owe.
//!
//! Invariants:
//! - A contract and an owed visit move only along the tables of [`contract_state`] and [`owed_state`].
//! - A contract owes at most one visit for a period: the row's id follows from both, and Postgres holds it unique.
//! - Periods are days where the branch is, computed from the contract's start: they never overlap, whatever the month's
//!   length (see [`periods`]).
//! - An owed visit follows its job: [`owed::follow`] is the only code that completes, releases or reopens one.

pub mod contract_state;
pub mod owed;
pub mod owed_state;
pub mod periods;

use jiff::{civil::Date, tz::TimeZone};
use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace};

use super::{clock, part_id};
use crate::tables::{Branch, ContractPrice, ContractVisit, MaintenanceContract};

/// The id of the visit owed for a period.
pub fn visit_id(contract: Id<MaintenanceContract>, period: i32) -> Id<ContractVisit> {
    part_id::of(contract, &period.to_be_bytes())
}

/// The id of a contract's price.
pub fn price_id(contract: Id<MaintenanceContract>) -> Id<ContractPrice> {
    part_id::of(contract, b"price")
}

/// The zone of a branch, in which a contract's days are meant.
pub fn zone_of(work: &mut Workspace, branch: Id<Branch>) -> Result<TimeZone, Stop> {
    let branch: Branch = work.require(branch)?;
    TimeZone::get(&branch.zone).map_err(|_| {
        let message = "The branch's time zone is not known. Please correct it first.";
        Rejection::conflict("branch.zone", message).into()
    })
}

/// The day it was where the branch is when the author acted.
pub fn today(ctx: &Ctx, work: &mut Workspace, branch: Id<Branch>) -> Result<Date, Stop> {
    Ok(clock::acted_at(ctx).to_zoned(zone_of(work, branch)?).date())
}
