//! Owed visits: making them, skipping them, and keeping them in step with their jobs.

use jiff::civil::Date;
use satchel_protocol::{Id, Stop, Workspace, record::UNSAVED};

use super::{
    owed_state::{self, Intent},
    periods, visit_id,
};
use crate::tables::{ContractVisit, Job, JobState, MaintenanceContract, OwedState};

/// Writes down what the contract owes for periods that begin by `through`; tells how many are new. What is there already
/// stays, but the days of what is still owed follow the contract.
pub fn generate(work: &mut Workspace, contract: &MaintenanceContract, through: Date) -> Result<usize, Stop> {
    let present: Vec<ContractVisit> = work.find(ContractVisit::BY_CONTRACT, vec![contract.id.into()])?;
    let mut made = 0;
    for due in periods::due_through(contract, through).filter(|due| due.until >= contract.owed_from) {
        match present.iter().find(|visit| visit.period == due.period) {
            Some(visit) if visit.state == OwedState::Owed => {
                let (due_from, due_until) = (due.from, due.until);
                if (visit.due_from, visit.due_until) != (due_from, due_until) {
                    work.update(&ContractVisit { due_from, due_until, ..visit.clone() })?;
                }
            }
            Some(_) => {}
            None => {
                made += 1;
                work.insert(&ContractVisit {
                    id: visit_id(contract.id, due.period),
                    rev: UNSAVED,
                    contract_id: contract.id,
                    location_id: contract.location_id,
                    branch_id: contract.branch_id,
                    period: due.period,
                    due_from: due.from,
                    due_until: due.until,
                    state: OwedState::Owed,
                    skip_reason: None,
                    job_id: None,
                })?;
            }
        }
    }
    Ok(made)
}

/// Skips what the contract still owes for dues that end before `before`; all of it when that is none. Tells how many.
pub fn skip_owed(
    work: &mut Workspace,
    contract: Id<MaintenanceContract>,
    before: Option<Date>,
    reason: &str,
) -> Result<usize, Stop> {
    let visits: Vec<ContractVisit> = work.find(ContractVisit::BY_CONTRACT, vec![contract.into()])?;
    let over = |visit: &ContractVisit| before.is_none_or(|day| visit.due_until < day);
    let mut skipped = 0;
    for mut visit in visits.into_iter().filter(|visit| visit.state == OwedState::Owed && over(visit)) {
        skip(&mut visit, reason.to_owned())?;
        work.update(&visit)?;
        skipped += 1;
    }
    Ok(skipped)
}

/// Skips one in memory; the caller writes it.
pub fn skip(visit: &mut ContractVisit, reason: String) -> Result<(), Stop> {
    visit.state = owed_state::next(&visit.state, Intent::Skip)?;
    visit.skip_reason = Some(reason);
    Ok(())
}

/// Brings the owed visit that a job was made for in step with the job's state, as the workspace is about to have it.
pub fn follow(work: &mut Workspace, job: &Job) -> Result<(), Stop> {
    let visits: Vec<ContractVisit> = work.find(ContractVisit::BY_JOB, vec![job.id.into()])?;
    for mut visit in visits {
        let intent = match (&job.state, &visit.state) {
            (JobState::Completed, OwedState::Scheduled) => Intent::Complete,
            (JobState::Canceled | JobState::Closed, OwedState::Scheduled) => Intent::Release,
            (JobState::Unscheduled | JobState::Scheduled | JobState::InProgress, OwedState::Done) => Intent::Reopen,
            _ => continue,
        };
        visit.state = owed_state::next(&visit.state, intent)?;
        if intent == Intent::Release {
            visit.job_id = None;
        }
        work.update(&visit)?;
    }
    Ok(())
}
