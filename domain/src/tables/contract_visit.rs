//! What a contract owes.

use jiff::civil::Date;
use satchel_protocol::{Id, record, text_enum};

use super::{Branch, Job, Location, MaintenanceContract};

text_enum! {
    /// Where an owed visit stands.
    pub enum OwedState {
        /// To be planned.
        Owed = "owed",
        /// A job was made for it.
        Scheduled = "scheduled",
        /// Its job is completed.
        Done = "done",
        /// Nobody comes.
        Skipped = "skipped",
    }
}

record! {
    /// The visit that a contract owes for one period. Its id follows from contract and period, so that none is owed
    /// twice.
    pub struct ContractVisit in "contract_visit" {
        /// The contract.
        pub contract_id: Id<MaintenanceContract>,
        /// The contract's location.
        pub location_id: Id<Location>,
        /// The contract's branch.
        pub branch_id: Id<Branch>,
        /// The period, counted from 0 at the contract's start.
        pub period: i32,
        /// First day it may be made, where the branch is.
        pub due_from: Date,
        /// Last day it may be made.
        pub due_until: Date,
        /// Where it stands.
        pub state: OwedState,
        /// Why nobody comes.
        pub skip_reason: Option<String>,
        /// The job that was made for it.
        pub job_id: Option<Id<Job>>,
    }
    scope: "location_id";
    index BY_CONTRACT = "contract_visit.by_contract" on ["contract_id"];
    index BY_JOB = "contract_visit.by_job" on ["job_id"];
}
