//! `job/v1/get`.

use satchel_protocol::{Id, Query, Rejection, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parts::{
    ChecklistView, CustomerView, EquipmentView, EstimateView, EventView, InvoiceView, LocationView, MaterialView,
    NoteView, SignatureView, TimeView, VisitView,
};
use crate::{
    queries::example_id,
    tables::{Branch, Job, JobPriority, JobState},
};

/// Parts of each kind when the caller does not say.
const PARTS_USUAL: u32 = 200;
/// Most parts of each kind.
const PARTS_MAX: u32 = 1_000;

/// A job with everything that belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetJob {
    /// The job.
    pub job_id: Id<Job>,
    /// How many parts of each kind are given, the newest ones.
    #[serde(default = "parts_usual")]
    #[schemars(range(min = 1, max = PARTS_MAX))]
    pub parts_max: u32,
}

fn parts_usual() -> u32 {
    PARTS_USUAL
}

/// The job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobView {
    /// The job.
    pub job_id: Id<Job>,
    /// Its revision.
    pub rev: String,
    /// The branch that does it.
    pub branch_id: Id<Branch>,
    /// The office's number.
    pub number: Option<String>,
    /// One line.
    pub title: String,
    /// All that is known.
    pub description: String,
    /// Where it stands.
    pub state: JobState,
    /// How urgent it is.
    pub priority: JobPriority,
    /// Why it was called off.
    pub cancel_reason: Option<String>,
    /// When it was written down.
    pub created_at: Instant,
    /// When the job itself was last changed; its parts have times of their own.
    pub updated_at: Instant,
    /// Whom it is for.
    pub customer: CustomerView,
    /// Where it is.
    pub location: LocationView,
    /// What it is about.
    pub equipment: Option<EquipmentView>,
    /// Its visits, in order of their windows.
    pub visits: Vec<VisitView>,
    /// What happened on its visits, in order.
    pub events: Vec<EventView>,
    /// What had to be checked.
    pub checklists: Vec<ChecklistView>,
    /// Its notes.
    pub notes: Vec<NoteView>,
    /// What was built in.
    pub materials: Vec<MaterialView>,
    /// When technicians worked on it; a technician sees his own.
    pub time_entries: Vec<TimeView>,
    /// What was offered to the customer.
    pub estimates: Vec<EstimateView>,
    /// What was signed, and what the customer would not sign.
    pub signatures: Vec<SignatureView>,
    /// What the customer was asked to pay, and paid.
    pub invoices: Vec<InvoiceView>,
}

impl Query for GetJob {
    const NAME: &'static str = "job/v1/get";
    const SUMMARY: &'static str = "A job with its visits, checklists, notes, materials, times and events.";
    const SQL: &'static str = include_str!("get.sql");
    type Output = JobView;

    fn example() -> Self {
        Self { job_id: example_id("job"), parts_max: PARTS_USUAL }
    }

    fn check(&self) -> Result<(), Rejection> {
        if (1..=PARTS_MAX).contains(&self.parts_max) {
            return Ok(());
        }
        let message = format!("A job is given with 1 to {PARTS_MAX} parts of each kind.");
        Err(Rejection::bad_request("job.parts_max", message))
    }
}
