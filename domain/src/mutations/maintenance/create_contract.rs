//! `maintenance/v1/createContract`.

use jiff::civil::Date;
use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{plausible, write_price};
use crate::{
    rules::{limits, money::Cents, text},
    tables::{
        Branch, ChecklistTemplate, ContractEquipment, ContractState, Customer, Equipment, Location, MaintenanceContract,
    },
};

/// Writes down a maintenance contract. It owes nothing until it is activated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateContract {
    /// Id of the new contract, made by the caller.
    pub contract_id: Id<MaintenanceContract>,
    /// The branch that does the work.
    pub branch_id: Id<Branch>,
    /// Who it is for.
    pub customer_id: Id<Customer>,
    /// Where the work is; a location of that customer.
    pub location_id: Id<Location>,
    /// What it covers; machines at that location, at most 50, each once.
    #[serde(default)]
    pub equipment_ids: Vec<Id<Equipment>>,
    /// The office's own number, unique in the organization; at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = limits::NUMBER_CHARS))]
    pub number: Option<String>,
    /// One line, the title of the jobs it gives; at most 200 characters.
    #[schemars(length(max = limits::TITLE_CHARS))]
    pub title: String,
    /// All that is known, the description of the jobs it gives; at most 20,000 characters.
    #[serde(default)]
    #[schemars(length(max = limits::DESCRIPTION_CHARS))]
    pub description: String,
    /// The checklist that its visits get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_id: Option<Id<ChecklistTemplate>>,
    /// Months from one period to the next: 1 monthly, 3 quarterly, 6 half-yearly, 12 yearly, at most 60.
    pub interval_months: i32,
    /// The months of the year in which visits may be made; all of them when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// First day of the first period, where the branch is.
    pub starts_on: Date,
    /// Last day: not before the first, at most 20 years after it.
    pub ends_on: Date,
    /// What one period costs, in cents of the organization's currency; not negative.
    pub price_cents: Cents,
}

/// A stretch of the year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Season {
    /// First month, 1 to 12.
    pub from_month: i32,
    /// Last month, 1 to 12; before the first one when the season spans New Year.
    pub until_month: i32,
}

/// The contract as written.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ContractCreated {
    /// The new contract.
    pub contract_id: Id<MaintenanceContract>,
    /// Where it stands.
    pub state: ContractState,
}

impl Mutation for CreateContract {
    const NAME: &'static str = "maintenance/v1/createContract";
    const SUMMARY: &'static str = "Writes down a maintenance contract.";
    const SERVER_ONLY: bool = true;
    type Output = ContractCreated;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.contract_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<ContractCreated, Stop> {
        self.check_times()?;
        let contract = MaintenanceContract {
            id: self.contract_id,
            rev: UNSAVED,
            branch_id: self.branch_id,
            customer_id: self.customer_id,
            location_id: self.location_id,
            number: text::optional(
                "contract.number",
                "the contract number",
                self.number.as_deref(),
                limits::NUMBER_CHARS,
            )?,
            title: text::required("contract.title", "a title", &self.title, limits::TITLE_CHARS)?,
            description: text::checked(
                "contract.description",
                "the description",
                &self.description,
                limits::DESCRIPTION_CHARS,
            )?,
            template_id: self.template_id,
            interval_months: self.interval_months,
            season_from_month: self.season.map(|season| season.from_month),
            season_until_month: self.season.map(|season| season.until_month),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            state: ContractState::Draft,
            owed_from: self.starts_on,
            renewals: 0,
            state_reason: None,
        };
        work.require(self.branch_id)?;
        work.require(self.customer_id)?;
        let location: Location = work.require(self.location_id)?;
        if location.customer_id != self.customer_id {
            let message = "This location belongs to another customer.";
            return Err(Rejection::bad_request("contract.location_of_other_customer", message).into());
        }
        if let Some(template) = self.template_id {
            let template: ChecklistTemplate = work.require(template)?;
            if !template.active {
                let message = "This checklist is no longer in use. Please choose another.";
                return Err(Rejection::conflict("checklist.inactive", message).into());
            }
        }
        work.insert(&contract)?;
        self.write_equipment(ctx, work)?;
        write_price(work, &contract, self.price_cents)?;
        Ok(ContractCreated { contract_id: contract.id, state: contract.state })
    }
}

impl CreateContract {
    fn check_times(&self) -> Result<(), Rejection> {
        if !(1..=limits::CONTRACT_INTERVAL_MONTHS).contains(&self.interval_months) {
            let message = format!("The interval must be 1 to {} months.", limits::CONTRACT_INTERVAL_MONTHS);
            return Err(Rejection::bad_request("contract.interval", message));
        }
        let months = self.season.map_or([1, 1], |season| [season.from_month, season.until_month]);
        if !months.iter().all(|month| (1..=12).contains(month)) {
            return Err(Rejection::bad_request("contract.season", "The season's months must be 1 to 12."));
        }
        check_end(plausible(self.starts_on)?, plausible(self.ends_on)?)
    }

    fn write_equipment(&self, ctx: &Ctx, work: &mut Workspace) -> Result<(), Stop> {
        if self.equipment_ids.len() > limits::CONTRACT_EQUIPMENT {
            let message = format!("A contract can cover at most {} machines.", limits::CONTRACT_EQUIPMENT);
            return Err(Rejection::bad_request("contract.equipment_too_many", message).into());
        }
        for (place, id) in self.equipment_ids.iter().enumerate() {
            if self.equipment_ids[..place].contains(id) {
                let message = "A machine is listed twice. Please list each once.";
                return Err(Rejection::bad_request("contract.equipment_twice", message).into());
            }
            let equipment: Equipment = work.require(*id)?;
            if equipment.location_id != self.location_id {
                let message = "This equipment stands at another location.";
                return Err(Rejection::bad_request("contract.equipment_elsewhere", message).into());
            }
            work.insert(&ContractEquipment {
                id: ctx.derive_id(&format!("contract_equipment/{id}")),
                rev: UNSAVED,
                contract_id: self.contract_id,
                location_id: self.location_id,
                branch_id: self.branch_id,
                equipment_id: *id,
            })?;
        }
        Ok(())
    }
}

/// Refuses a last day before the first, or too long after it.
pub(super) fn check_end(starts_on: Date, ends_on: Date) -> Result<(), Rejection> {
    if ends_on < starts_on {
        return Err(Rejection::bad_request("contract.order", "The contract must end after it starts."));
    }
    if i32::from(ends_on.year()) - i32::from(starts_on.year()) > limits::CONTRACT_YEARS {
        let message = format!("A contract can last at most {} years.", limits::CONTRACT_YEARS);
        return Err(Rejection::bad_request("contract.length", message));
    }
    Ok(())
}
