//! `maintenance/v1/scheduleVisit`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::owed_visit;
use crate::{
    rules::{
        contracts::{
            self,
            owed_state::{self, Intent},
        },
        job_state, limits,
        planning::{self, PlannedVisit},
        text,
    },
    tables::{
        ContractEquipment, ContractState, ContractVisit, Job, JobPriority, JobState, MaintenanceContract, OwedState,
    },
};

/// Makes a job with its visit from a visit that is owed. The job gets the contract's title, description, machine (if it
/// covers one) and checklist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleContractVisit {
    /// The contract.
    pub contract_id: Id<MaintenanceContract>,
    /// The owed visit.
    pub contract_visit_id: Id<ContractVisit>,
    /// Id of the new job, made by the caller.
    pub job_id: Id<Job>,
    /// The job's number, unique in the organization; at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NUMBER_CHARS))]
    pub number: Option<String>,
    /// The visit; the contract's checklist is added to its own.
    pub visit: PlannedVisit,
    /// Plans although the window starts outside the days the visit is due; without it that is refused with
    /// `contract_visit.outside_due`.
    #[serde(default)]
    pub confirm_outside_due: bool,
}

/// The visit was planned.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ContractVisitScheduled {
    /// The new job.
    pub job_id: Id<Job>,
    /// The job's state.
    pub job_state: JobState,
    /// Where the owed visit stands.
    pub state: OwedState,
}

impl Mutation for ScheduleContractVisit {
    const NAME: &'static str = "maintenance/v1/scheduleVisit";
    const SUMMARY: &'static str = "Makes a job with its visit from a visit a contract owes.";
    const SERVER_ONLY: bool = true;
    type Output = ContractVisitScheduled;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.contract_id), RowKey::of(self.job_id), RowKey::of(self.visit.visit_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<ContractVisitScheduled, Stop> {
        let number = text::optional("job.number", "the job number", self.number.as_deref(), limits::NUMBER_CHARS)?;
        let contract: MaintenanceContract = work.require(self.contract_id)?;
        if !matches!(contract.state, ContractState::Active | ContractState::Ended) {
            let message = format!("This contract is {}, so its visits cannot be scheduled.", contract.state);
            return Err(Rejection::conflict("contract.state", message).into());
        }
        let mut owed = owed_visit(work, contract.id, self.contract_visit_id)?;
        owed.state = owed_state::next(&owed.state, Intent::Schedule)?;
        owed.job_id = Some(self.job_id);
        let zone = contracts::zone_of(work, contract.branch_id)?;
        let day = self.visit.window_start.to_zoned(zone).date();
        if !self.confirm_outside_due && !(owed.due_from..=owed.due_until).contains(&day) {
            let message = format!(
                "This visit is due from {} to {}. Confirm to plan it on another day.",
                owed.due_from, owed.due_until
            );
            return Err(Rejection::conflict("contract_visit.outside_due", message).into());
        }
        let covered: Vec<ContractEquipment> = work.find(ContractEquipment::BY_CONTRACT, vec![contract.id.into()])?;
        let mut job = Job {
            id: self.job_id,
            rev: UNSAVED,
            branch_id: contract.branch_id,
            customer_id: contract.customer_id,
            location_id: contract.location_id,
            equipment_id: if let [only] = &covered[..] { Some(only.equipment_id) } else { None },
            number,
            title: contract.title,
            description: contract.description,
            state: JobState::Unscheduled,
            priority: JobPriority::Normal,
            cancel_reason: None,
        };
        work.insert(&job)?;
        let mut planned = self.visit.clone();
        if let Some(template) = contract.template_id
            && !planned.template_ids.contains(&template)
        {
            planned.template_ids.push(template);
        }
        planning::plan(ctx, work, &job, &planned)?;
        job_state::refresh(work, &mut job)?;
        work.update(&owed)?;
        Ok(ContractVisitScheduled { job_id: job.id, job_state: job.state, state: owed.state })
    }
}
