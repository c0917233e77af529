//! An estimate with all that is in it, and the right to work on it: the only code that changes an estimate's lines,
//! amounts and state.
//!
//! Invariants:
//! - After every change the stored amounts of an option and its lines are what [`totals`] makes of them.
//! - Nothing in an estimate changes once one of its options is signed, but for its state.
//! - A technician's change leaves no option reduced by more than [`TECHNICIAN_DISCOUNT_PERCENT`] of the pricebook's
//!   prices, unless the office had reduced it so before.

use jiff::Timestamp;
use satchel_protocol::{Ctx, Id, Rejection, Stop, Workspace};

use super::{
    clock,
    estimate_state::{self, Intent},
    job_state,
    limits::TECHNICIAN_DISCOUNT_PERCENT,
    money::Cents,
    scene,
    totals::{self, Discount, Entry},
};
use crate::{
    roles::Actor,
    tables::{Assignment, Estimate, EstimateLine, EstimateOption, Job},
};

/// An estimate, its job, its options and lines in order, and who acts.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The job.
    pub job: Job,
    /// The estimate.
    pub estimate: Estimate,
    /// Its options, in order.
    pub options: Vec<EstimateOption>,
    /// The lines of all options, in order.
    pub lines: Vec<EstimateLine>,
    /// Who acts.
    pub actor: Actor,
    // How far each option was reduced before this mutation.
    before: Vec<(Id<EstimateOption>, Reduction)>,
}

/// How far an option is below the pricebook.
#[derive(Clone, Copy, Debug)]
struct Reduction {
    list_cents: i128,
    off_cents: i128,
}

/// The job, if the author may sell on it: the office, and technicians on any of its visits. Refuses with `reason` when
/// the job was called off or settled; `wanted` completes "so ... ".
pub fn job_to_sell_on(
    ctx: &Ctx,
    work: &mut Workspace,
    job: Id<Job>,
    reason: &str,
    wanted: &str,
) -> Result<(Actor, Job), Stop> {
    let actor = Actor::seller(ctx)?;
    let job: Job = work.require(job)?;
    let assignments: Vec<Assignment> = work.find(Assignment::BY_JOB, vec![job.id.into()])?;
    scene::require_assigned(actor, &assignments, "job.not_assigned", "You are not assigned to this job any more.")?;
    job_state::require_open(&job, reason, wanted)?;
    Ok((actor, job))
}

impl Offer {
    /// Reads the offer. Refuses when the job or estimate is not there, the estimate is not of that job
    /// (`estimate.other_job`), the author may not sell on it (`job.not_assigned`), or the job is over
    /// (`estimate.job_closed`).
    pub fn of(ctx: &Ctx, work: &mut Workspace, job: Id<Job>, estimate: Id<Estimate>) -> Result<Self, Stop> {
        let wanted = "its estimates can no longer be changed";
        let (actor, job) = job_to_sell_on(ctx, work, job, "estimate.job_closed", wanted)?;
        let estimate: Estimate = work.require(estimate)?;
        if estimate.job_id != job.id {
            return Err(Rejection::bad_request("estimate.other_job", "This estimate belongs to another job.").into());
        }
        let mut options: Vec<EstimateOption> = work.find(EstimateOption::BY_ESTIMATE, vec![estimate.id.into()])?;
        let mut lines: Vec<EstimateLine> = work.find(EstimateLine::BY_ESTIMATE, vec![estimate.id.into()])?;
        options.sort_by_key(|option| (option.position, option.id));
        lines.sort_by_key(|line| (line.position, line.id));
        let mut offer = Self { job, estimate, options, lines, actor, before: Vec::new() };
        for option in &offer.options {
            offer.before.push((option.id, offer.reduction(option)?));
        }
        Ok(offer)
    }

    /// An offer that is being made, still empty.
    pub fn empty(actor: Actor, job: Job, estimate: Estimate) -> Self {
        Self { job, estimate, options: Vec::new(), lines: Vec::new(), actor, before: Vec::new() }
    }

    /// An option of this estimate; refuses another's with `estimate_option.not_found`.
    pub fn option(&self, id: Id<EstimateOption>) -> Result<&EstimateOption, Rejection> {
        self.options.iter().find(|option| option.id == id).ok_or_else(no_such_option)
    }

    /// An option of this estimate, to be changed.
    pub fn option_mut(&mut self, id: Id<EstimateOption>) -> Result<&mut EstimateOption, Rejection> {
        self.options.iter_mut().find(|option| option.id == id).ok_or_else(no_such_option)
    }

    /// A line of this estimate, to be changed; refuses another's with `estimate_line.not_found`.
    pub fn line_mut(&mut self, id: Id<EstimateLine>) -> Result<&mut EstimateLine, Rejection> {
        self.lines.iter_mut().find(|line| line.id == id).ok_or_else(|| {
            Rejection::not_found("estimate_line.not_found", "This line is not part of the estimate any more.")
        })
    }

    /// The lines of an option, in order.
    pub fn lines_of(&self, option: Id<EstimateOption>) -> impl Iterator<Item = &EstimateLine> {
        self.lines.iter().filter(move |line| line.option_id == option)
    }

    /// Refuses with `estimate.signed` when the customer has signed an option.
    pub fn require_unsigned(&self) -> Result<(), Rejection> {
        if self.estimate.signed_option_id.is_none() {
            return Ok(());
        }
        let message = "The customer has signed this estimate, so it can no longer be changed. Please revise it.";
        Err(Rejection::conflict("estimate.signed", message))
    }

    /// Moves the estimate along its state machine, and stores it with whatever else was changed in it.
    pub fn step(&mut self, work: &mut Workspace, intent: Intent) -> Result<(), Stop> {
        if !matches!(intent, Intent::Approve | Intent::Supersede) {
            self.require_unsigned()?;
        }
        self.estimate.state = estimate_state::next(&self.estimate.state, intent)?;
        work.update(&self.estimate)
    }

    /// Begins a change of what is offered: it must be open to changes, and goes back to being a draft.
    pub fn edit(&mut self, work: &mut Workspace) -> Result<(), Stop> {
        self.require_unsigned()?;
        let state = estimate_state::next(&self.estimate.state, Intent::Edit)?;
        if state != self.estimate.state {
            self.estimate.state = state;
            work.update(&self.estimate)?;
        }
        Ok(())
    }

    /// Refuses with `estimate.expired` when the offer no longer held at `at`.
    pub fn require_valid(&self, at: Timestamp) -> Result<(), Rejection> {
        if self.estimate.valid_until.is_none_or(|until| at < until) {
            return Ok(());
        }
        let message = "This estimate is no longer valid. Please revise it, and let the customer decide anew.";
        Err(Rejection::conflict("estimate.expired", message))
    }

    /// Takes how far another estimate's option was reduced as how far this one's was before: for copies.
    pub fn reduced_before(&mut self, option: Id<EstimateOption>, other: &Self, like: Id<EstimateOption>) {
        if let Some((_, reduction)) = other.before.iter().find(|(id, _)| *id == like) {
            self.before.push((option, *reduction));
        }
    }

    /// Adds up an option anew, and stores what differs of it and its lines. To be called after every change of them.
    pub fn settle(&mut self, work: &mut Workspace, id: Id<EstimateOption>) -> Result<(), Stop> {
        let mut option = self.option(id)?.clone();
        let lines: Vec<usize> = (0..self.lines.len()).filter(|place| self.lines[*place].option_id == id).collect();
        let entries: Vec<Entry> = lines.iter().map(|place| entry(&self.lines[*place])).collect();
        let discount = if option.discount_fixed_cents.is_zero() {
            Discount::Percent(option.discount_percent)
        } else {
            Discount::Fixed(option.discount_fixed_cents)
        };
        let totals = totals::totals(&entries, discount)?;
        for (place, amounts) in lines.into_iter().zip(&totals.lines) {
            let line = &mut self.lines[place];
            line.gross_cents = amounts.gross_cents;
            line.discount_cents = amounts.discount_cents;
            line.tax_cents = amounts.tax_cents;
            line.total_cents = amounts.total_cents;
            if work.require(line.id)? != *line {
                work.update(line)?;
            }
        }
        option.subtotal_cents = totals.whole.gross_cents;
        option.discount_cents = totals.whole.discount_cents;
        option.tax_cents = totals.whole.tax_cents;
        option.total_cents = totals.whole.total_cents;
        self.require_modest(&option)?;
        if work.require(id)? != option {
            work.update(&option)?;
        }
        if let Some(kept) = self.options.iter_mut().find(|kept| kept.id == id) {
            *kept = option;
        }
        Ok(())
    }

    fn require_modest(&self, option: &EstimateOption) -> Result<(), Stop> {
        let Actor::Technician(_) = self.actor else { return Ok(()) };
        let now = self.reduction(option)?;
        if now.off_cents * 100 <= now.list_cents * i128::from(TECHNICIAN_DISCOUNT_PERCENT) {
            return Ok(());
        }
        let no_further = |before: &Reduction| now.off_cents * before.list_cents <= before.off_cents * now.list_cents;
        if self.before.iter().any(|(id, before)| *id == option.id && no_further(before)) {
            return Ok(());
        }
        let message = format!(
            "This is more than {TECHNICIAN_DISCOUNT_PERCENT} percent below the pricebook. Please lower the discount, or \
             ask the office to give it."
        );
        Err(Rejection::forbidden("estimate.discount_needs_office", message).into())
    }

    /// How far the option is below what the pricebook says its lines cost. A line above the pricebook makes up for none.
    fn reduction(&self, option: &EstimateOption) -> Result<Reduction, Rejection> {
        let mut list = Cents::ZERO;
        for line in self.lines_of(option.id) {
            let price = line.list_price_cents.unwrap_or(line.unit_price_cents).max(line.unit_price_cents);
            list = list.plus(price.times_quantity(line.quantity)?)?;
        }
        let net = option.subtotal_cents.minus(option.discount_cents)?;
        Ok(Reduction { list_cents: list.get().into(), off_cents: list.minus(net)?.get().into() })
    }
}

/// When the author acts, and whether the offer still holds then.
pub fn acting_in_time(ctx: &Ctx, offer: &Offer) -> Result<Timestamp, Rejection> {
    let now = clock::acted_at(ctx);
    offer.require_valid(now)?;
    Ok(now)
}

fn no_such_option() -> Rejection {
    Rejection::not_found("estimate_option.not_found", "This option is not part of the estimate any more.")
}

fn entry(line: &EstimateLine) -> Entry {
    Entry {
        quantity: line.quantity,
        unit_price_cents: line.unit_price_cents,
        discount_percent: line.discount_percent,
        tax_percent: line.tax_percent,
    }
}
