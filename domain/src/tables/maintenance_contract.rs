//! What was promised to a customer for months or years.

use jiff::civil::Date;
use satchel_protocol::{Id, record, text_enum};

use super::{Branch, ChecklistTemplate, Customer, Location};

text_enum! {
    /// Where a contract stands.
    pub enum ContractState {
        /// Being written; owes nothing yet.
        Draft = "draft",
        /// Owes its visits.
        Active = "active",
        /// Owes nothing for now.
        Paused = "paused",
        /// Ran to its end; visits it still owes can be made.
        Ended = "ended",
        /// Called off.
        Canceled = "canceled",
    }
}

record! {
    /// A maintenance contract. What it costs is in [`ContractPrice`](super::ContractPrice), which no phone holds.
    pub struct MaintenanceContract in "maintenance_contract" {
        /// The branch that does the work.
        pub branch_id: Id<Branch>,
        /// Who it is for.
        pub customer_id: Id<Customer>,
        /// Where the work is.
        pub location_id: Id<Location>,
        /// The office's number; unique in the organization where present.
        pub number: Option<String>,
        /// One line; the title of the jobs it gives.
        pub title: String,
        /// All that is known; the description of the jobs it gives.
        pub description: String,
        /// The checklist that its visits get.
        pub template_id: Option<Id<ChecklistTemplate>>,
        /// Months from the start of one period to the next: 1 monthly, 3 quarterly, 6 half-yearly, 12 yearly.
        pub interval_months: i32,
        /// First month of the year (1 to 12) in which visits may be made, if the season matters.
        pub season_from_month: Option<i32>,
        /// Last month of the year in which visits may be made; before the first one when the season spans New Year.
        pub season_until_month: Option<i32>,
        /// First day of the first period, where the branch is.
        pub starts_on: Date,
        /// Last day.
        pub ends_on: Date,
        /// Where it stands.
        pub state: ContractState,
        /// Periods that ended before this day owe nothing: the contract was not active then.
        pub owed_from: Date,
        /// How often it was renewed.
        pub renewals: i32,
        /// Why it was paused or called off.
        pub state_reason: Option<String>,
    }
    scope: "location_id";
}
