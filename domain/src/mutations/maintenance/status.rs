//! A contract's life: `maintenance/v1/activate`, `pause`, `resume`, `cancel`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reason;
use crate::{
    rules::contracts::{
        self,
        contract_state::{self, Intent},
        owed,
    },
    tables::{ContractState, MaintenanceContract},
};

/// Where a contract stands after a move.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ContractMoved {
    /// The contract's state now.
    pub state: ContractState,
    /// How many owed visits were skipped with it.
    pub visits_skipped: usize,
}

/// Moves a contract, and skips what it does not owe any more.
fn take(
    ctx: &Ctx,
    work: &mut Workspace,
    id: Id<MaintenanceContract>,
    intent: Intent,
    reason: Option<String>,
) -> Result<ContractMoved, Stop> {
    let mut contract: MaintenanceContract = work.require(id)?;
    contract_state::take(&mut contract, intent, reason)?;
    let today = contracts::today(ctx, work, contract.branch_id)?;
    let visits_skipped = match intent {
        // Nothing is owed for the time before, in which the contract was not active.
        Intent::Activate | Intent::Resume => {
            contract.owed_from = contract.owed_from.max(today);
            owed::skip_owed(work, id, Some(contract.owed_from), "The contract was paused.")?
        }
        Intent::Cancel => owed::skip_owed(work, id, None, "The contract was canceled.")?,
        _ => 0,
    };
    work.update(&contract)?;
    Ok(ContractMoved { state: contract.state, visits_skipped })
}

/// Activates a contract: from now on it owes its visits. Periods that are over already owe nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ActivateContract {
    /// The contract; a draft.
    pub contract_id: Id<MaintenanceContract>,
}

impl Mutation for ActivateContract {
    const NAME: &'static str = "maintenance/v1/activate";
    const SUMMARY: &'static str = "Activates a drafted contract, which then owes its visits.";
    const SERVER_ONLY: bool = true;
    type Output = ContractMoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.contract_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<ContractMoved, Stop> {
        take(ctx, work, self.contract_id, Intent::Activate, None)
    }
}

/// Pauses a contract: it owes nothing for periods that end before it is resumed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PauseContract {
    /// The contract.
    pub contract_id: Id<MaintenanceContract>,
    /// Why; at most 2,000 characters.
    #[schemars(length(max = crate::rules::limits::REASON_CHARS))]
    pub reason: String,
}

impl Mutation for PauseContract {
    const NAME: &'static str = "maintenance/v1/pause";
    const SUMMARY: &'static str = "Pauses a contract.";
    const SERVER_ONLY: bool = true;
    type Output = ContractMoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.contract_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<ContractMoved, Stop> {
        take(ctx, work, self.contract_id, Intent::Pause, Some(reason(&self.reason)?))
    }
}

/// Resumes a paused contract; what fell due in between is skipped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResumeContract {
    /// The contract.
    pub contract_id: Id<MaintenanceContract>,
}

impl Mutation for ResumeContract {
    const NAME: &'static str = "maintenance/v1/resume";
    const SUMMARY: &'static str = "Resumes a paused contract.";
    const SERVER_ONLY: bool = true;
    type Output = ContractMoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.contract_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<ContractMoved, Stop> {
        take(ctx, work, self.contract_id, Intent::Resume, None)
    }
}

/// Calls a contract off; what it still owes is skipped. Jobs made for it already stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CancelContract {
    /// The contract.
    pub contract_id: Id<MaintenanceContract>,
    /// Why; at most 2,000 characters.
    #[schemars(length(max = crate::rules::limits::REASON_CHARS))]
    pub reason: String,
}

impl Mutation for CancelContract {
    const NAME: &'static str = "maintenance/v1/cancel";
    const SUMMARY: &'static str = "Cancels a contract and skips what it still owes.";
    const SERVER_ONLY: bool = true;
    type Output = ContractMoved;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.contract_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<ContractMoved, Stop> {
        take(ctx, work, self.contract_id, Intent::Cancel, Some(reason(&self.reason)?))
    }
}
