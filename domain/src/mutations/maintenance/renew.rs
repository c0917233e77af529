//! `maintenance/v1/renew`.

use jiff::civil::Date;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{create_contract::check_end, plausible, write_price};
use crate::{
    rules::{
        contracts::{
            self,
            contract_state::{self, Intent},
        },
        money::Cents,
    },
    tables::{ContractState, MaintenanceContract},
};

/// Lets a contract go on. Its periods go on too, counted from its first day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RenewContract {
    /// The contract; active or ended.
    pub contract_id: Id<MaintenanceContract>,
    /// The new last day, after the present one.
    pub ends_on: Date,
    /// What one period costs from now on, in cents; as before when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_cents: Option<Cents>,
}

/// The contract goes on.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ContractRenewed {
    /// The contract's state now.
    pub state: ContractState,
    /// How often it was renewed.
    pub renewals: i32,
}

impl Mutation for RenewContract {
    const NAME: &'static str = "maintenance/v1/renew";
    const SUMMARY: &'static str = "Renews a contract to a later last day.";
    const SERVER_ONLY: bool = true;
    type Output = ContractRenewed;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.contract_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<ContractRenewed, Stop> {
        let mut contract: MaintenanceContract = work.require(self.contract_id)?;
        check_end(contract.starts_on, plausible(self.ends_on)?)?;
        if self.ends_on <= contract.ends_on {
            let message = "The new last day must be after the present one.";
            return Err(Rejection::bad_request("contract.renew_earlier", message).into());
        }
        if contract.state == ContractState::Ended {
            // Nothing is owed for the time in which there was no contract.
            contract.owed_from = contract.owed_from.max(contracts::today(ctx, work, contract.branch_id)?);
        }
        contract_state::take(&mut contract, Intent::Renew, None)?;
        contract.ends_on = self.ends_on;
        contract.renewals = contract.renewals.saturating_add(1);
        work.update(&contract)?;
        if let Some(price) = self.price_cents {
            write_price(work, &contract, price)?;
        }
        Ok(ContractRenewed { state: contract.state, renewals: contract.renewals })
    }
}
