//! What a contract costs. For the office alone.

use satchel_protocol::{Id, record};

use super::{Branch, MaintenanceContract};
use crate::rules::money::Cents;

record! {
    /// The price of a maintenance contract; its id follows from the contract's.
    pub struct ContractPrice in "contract_price" {
        /// The contract.
        pub contract_id: Id<MaintenanceContract>,
        /// The contract's branch.
        pub branch_id: Id<Branch>,
        /// What one period costs, in cents of the organization's currency.
        pub price_cents: Cents,
    }
    scope: "contract_id";
}
