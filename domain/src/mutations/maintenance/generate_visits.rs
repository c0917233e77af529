//! `maintenance/v1/generateVisits`.

use jiff::{ToSpan as _, civil::Date};
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::plausible;
use crate::{
    rules::{
        contracts::{
            self,
            contract_state::{self, Intent},
            owed,
        },
        limits,
    },
    tables::{ContractState, MaintenanceContract},
};

/// Writes down the visits that a contract owes for periods that begin by a day. Doing it again, or at the same time
/// elsewhere, makes nothing twice: made for a scheduled run as well as for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GenerateVisits {
    /// The contract; active, or paused or active and past its last day, which ends it.
    pub contract_id: Id<MaintenanceContract>,
    /// The last day a period may begin on; at most 36 months from today.
    pub through: Date,
}

/// The visits were written down.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct VisitsGenerated {
    /// How many are new.
    pub visits_created: usize,
    /// The contract's state now.
    pub state: ContractState,
}

impl Mutation for GenerateVisits {
    const NAME: &'static str = "maintenance/v1/generateVisits";
    const SUMMARY: &'static str = "Writes down the visits a contract owes; nothing is made twice.";
    const SERVER_ONLY: bool = true;
    type Output = VisitsGenerated;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.contract_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<VisitsGenerated, Stop> {
        plausible(self.through)?;
        let mut contract: MaintenanceContract = work.require(self.contract_id)?;
        let today = contracts::today(ctx, work, contract.branch_id)?;
        if today.checked_add(limits::CONTRACT_HORIZON_MONTHS.months()).is_ok_and(|horizon| self.through > horizon) {
            let message = format!("Visits can be generated {} months ahead.", limits::CONTRACT_HORIZON_MONTHS);
            return Err(Rejection::bad_request("contract.horizon", message).into());
        }
        let is_over = contract.ends_on < today;
        let visits_created = match contract.state {
            ContractState::Active => owed::generate(work, &contract, self.through)?,
            ContractState::Paused if is_over => 0,
            _ => {
                let message = format!("This contract is {}, so it owes no visits.", contract.state);
                return Err(Rejection::conflict("contract.state", message).into());
            }
        };
        // Not before its last visits are written down.
        if is_over && self.through >= contract.ends_on {
            contract_state::take(&mut contract, Intent::RunOut, None)?;
            work.update(&contract)?;
        }
        Ok(VisitsGenerated { visits_created, state: contract.state })
    }
}
