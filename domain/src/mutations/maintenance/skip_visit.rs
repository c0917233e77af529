//! `maintenance/v1/skipVisit`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{owed_visit, reason};
use crate::{
    rules::contracts::owed,
    tables::{ContractVisit, MaintenanceContract, OwedState},
};

/// Lets a visit that is owed fall, such as when the customer does not want it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SkipContractVisit {
    /// The contract.
    pub contract_id: Id<MaintenanceContract>,
    /// The owed visit.
    pub contract_visit_id: Id<ContractVisit>,
    /// Why; at most 2,000 characters.
    #[schemars(length(max = crate::rules::limits::REASON_CHARS))]
    pub reason: String,
}

/// Nobody comes.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ContractVisitSkipped {
    /// Where the owed visit stands.
    pub state: OwedState,
}

impl Mutation for SkipContractVisit {
    const NAME: &'static str = "maintenance/v1/skipVisit";
    const SUMMARY: &'static str = "Skips an owed visit, with the reason.";
    const SERVER_ONLY: bool = true;
    type Output = ContractVisitSkipped;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.contract_id)]
    }

    fn apply(&self, _: &Ctx, work: &mut Workspace) -> Result<ContractVisitSkipped, Stop> {
        let reason = reason(&self.reason)?;
        let mut visit = owed_visit(work, self.contract_id, self.contract_visit_id)?;
        owed::skip(&mut visit, reason)?;
        work.update(&visit)?;
        Ok(ContractVisitSkipped { state: visit.state })
    }
}
