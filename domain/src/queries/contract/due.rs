//! `contract/v1/due`.

use jiff::civil::{Date, date};
use satchel_protocol::{After, Id, Limit, Query, Rejection};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    queries::{example_id, plausible_day},
    tables::{Branch, ContractState, ContractVisit, Customer, Location, MaintenanceContract},
};

/// The visits that a branch's maintenance contracts owe, those due first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ContractsDue {
    /// The branch.
    pub branch_id: Id<Branch>,
    /// Visits that may be made on this day or before; of the years 2000 to 2100.
    pub until: Date,
    /// How many.
    #[serde(default)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<After<(Date, Uuid)>>,
}

/// A page of owed visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DuePage {
    /// The visits, in order of the last day they are due.
    pub visits: Vec<OwedVisit>,
    /// The `after` of the next page; null on the last.
    pub next: Option<String>,
}

/// A visit that a contract owes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwedVisit {
    /// The owed visit.
    pub contract_visit_id: Id<ContractVisit>,
    /// The contract.
    pub contract_id: Id<MaintenanceContract>,
    /// The contract's number.
    pub number: Option<String>,
    /// The contract's title.
    pub title: String,
    /// Where the contract stands.
    pub contract_state: ContractState,
    /// Which of the contract's periods it is for, from 0.
    pub period: i32,
    /// First day it may be made,
    pub due_from: Date,
    /// and last.
    pub due_until: Date,
    /// The customer.
    pub customer_id: Id<Customer>,
    /// The customer's name.
    pub customer_name: String,
    /// The location.
    pub location_id: Id<Location>,
    /// The location's address.
    pub address: String,
}

impl Query for ContractsDue {
    const NAME: &'static str = "contract/v1/due";
    const SUMMARY: &'static str = "The visits that a branch's maintenance contracts owe, those due first.";
    const SQL: &'static str = include_str!("due.sql");
    type Output = DuePage;

    fn example() -> Self {
        Self { branch_id: example_id("branch"), until: date(2026, 12, 31), limit: Limit::default(), after: None }
    }

    fn check(&self) -> Result<(), Rejection> {
        plausible_day(self.until)
    }
}
