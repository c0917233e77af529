//! Estimates: `estimate/v1/...`.

mod add_line;
mod add_option;
mod approve;
mod change_line;
mod decline;
mod expire;
mod generate;
mod present;
mod remove_line;
mod revise;
mod set_discount;

pub use add_line::AddEstimateLine;
pub use add_option::AddEstimateOption;
pub use approve::ApproveEstimate;
pub use change_line::ChangeEstimateLine;
pub use decline::DeclineEstimate;
pub use expire::ExpireEstimate;
pub use generate::{EstimateGenerated, GenerateEstimate};
pub use present::PresentEstimate;
pub use remove_line::RemoveEstimateLine;
pub use revise::{EstimateRevised, ReviseEstimate};
pub use set_discount::SetEstimateDiscount;

use jiff::Timestamp;
use satchel_protocol::{Ctx, Id, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    rules::{clock, limits::ESTIMATES_PER_JOB, money::Cents, offer::Offer},
    tables::{Estimate, EstimateOption, EstimateState, Job},
};

/// What an option comes to now.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OptionTotals {
    /// The option.
    pub option_id: Id<EstimateOption>,
    /// All lines at full price.
    pub subtotal_cents: Cents,
    /// All that is taken off.
    pub discount_cents: Cents,
    /// Tax on what is left.
    pub tax_cents: Cents,
    /// What the customer pays.
    pub total_cents: Cents,
}

/// Where an estimate stands now.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EstimateMoved {
    /// The estimate.
    pub estimate_id: Id<Estimate>,
    /// Its state now.
    pub state: EstimateState,
}

impl OptionTotals {
    fn of(option: &EstimateOption) -> Self {
        Self {
            option_id: option.id,
            subtotal_cents: option.subtotal_cents,
            discount_cents: option.discount_cents,
            tax_cents: option.tax_cents,
            total_cents: option.total_cents,
        }
    }
}

impl EstimateMoved {
    fn of(offer: &Offer) -> Self {
        Self { estimate_id: offer.estimate.id, state: offer.estimate.state.clone() }
    }
}

/// What to lock: the job, because its estimates are numbered and replace each other, and the estimate.
fn roots(job: Id<Job>, estimate: Id<Estimate>) -> Vec<RowKey> {
    vec![RowKey::of(job), RowKey::of(estimate)]
}

/// Adds up an option, and tells what it comes to.
fn settled(work: &mut Workspace, offer: &mut Offer, option: Id<EstimateOption>) -> Result<OptionTotals, Stop> {
    offer.settle(work, option)?;
    Ok(OptionTotals::of(offer.option(option)?))
}

/// The number of a job's next estimate. Phones that chose the same one offline are given different ones by the server.
fn next_number(work: &mut Workspace, job: &Job) -> Result<String, Stop> {
    let others: Vec<Estimate> = work.find(Estimate::BY_JOB, vec![job.id.into()])?;
    if others.len() >= ESTIMATES_PER_JOB {
        let message = format!("A job can have at most {ESTIMATES_PER_JOB} estimates. Please use one of those it has.");
        return Err(Rejection::conflict("estimate.too_many", message).into());
    }
    let number = others.len() + 1;
    Ok(job.number.as_deref().map_or_else(|| format!("E{number}"), |job| format!("{job}-E{number}")))
}

/// An end of validity as somebody entered it: of this century, and not past yet.
fn valid_until(ctx: &Ctx, until: Option<Timestamp>) -> Result<Option<Timestamp>, Rejection> {
    let Some(until) = until.map(clock::in_micros) else { return Ok(None) };
    if !clock::plausible(until) {
        let message = "The end of validity must lie in the years 2000 to 2100.";
        return Err(Rejection::bad_request("estimate.valid_until_date", message));
    }
    if until <= clock::acted_at(ctx) {
        let message = "The end of validity must lie in the future.";
        return Err(Rejection::bad_request("estimate.valid_until_past", message));
    }
    Ok(Some(until))
}
