//! Maintenance contracts: `maintenance/v1/...`. Server-only, because a phone holds only the contracts of places its
//! technician visits, and never what they cost.

mod create_contract;
mod generate_visits;
mod renew;
mod schedule_visit;
mod skip_visit;
mod status;

pub use create_contract::{ContractCreated, CreateContract, Season};
pub use generate_visits::{GenerateVisits, VisitsGenerated};
pub use renew::{ContractRenewed, RenewContract};
pub use schedule_visit::{ContractVisitScheduled, ScheduleContractVisit};
pub use skip_visit::{ContractVisitSkipped, SkipContractVisit};
pub use status::{ActivateContract, CancelContract, ContractMoved, PauseContract, ResumeContract};

use jiff::civil::Date;
use satchel_protocol::{Id, Rejection, Stop, Workspace, record::UNSAVED};

use crate::{
    rules::{contracts, limits, money::Cents, text},
    tables::{ContractPrice, ContractVisit, MaintenanceContract},
};

/// A reason that must be given.
fn reason(given: &str) -> Result<String, Rejection> {
    text::required("contract.reason", "a reason", given, limits::REASON_CHARS)
}

/// Refuses days outside the years 2000 to 2100.
fn plausible(day: Date) -> Result<Date, Rejection> {
    if (2000..=2100).contains(&day.year()) {
        return Ok(day);
    }
    Err(Rejection::bad_request("contract.date", "The days of a contract must lie in the years 2000 to 2100."))
}

/// Writes what a contract costs.
fn write_price(work: &mut Workspace, contract: &MaintenanceContract, price_cents: Cents) -> Result<(), Stop> {
    let price_cents = price_cents.entered("contract.price")?;
    let id = contracts::price_id(contract.id);
    let stored: Option<ContractPrice> = work.get(id)?;
    let rev = stored.as_ref().map_or(UNSAVED, |price| price.rev);
    let price = ContractPrice { id, rev, contract_id: contract.id, branch_id: contract.branch_id, price_cents };
    if stored.is_some() { work.update(&price) } else { work.insert(&price) }
}

/// A contract's visit; refuses one of another contract.
fn owed_visit(
    work: &mut Workspace,
    contract: Id<MaintenanceContract>,
    visit: Id<ContractVisit>,
) -> Result<ContractVisit, Stop> {
    let visit: ContractVisit = work.require(visit)?;
    if visit.contract_id == contract {
        return Ok(visit);
    }
    Err(Rejection::bad_request("contract_visit.other_contract", "This visit belongs to another contract.").into())
}
