//! `technician/v1/list`.

use satchel_protocol::{After, Id, Limit, Query, Rejection, text_enum, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    queries::example_id,
    tables::{Branch, Job, Technician, Visit},
};

/// Minutes without a word after which a phone that is on a visit counts as silent, when the caller does not say.
const SILENT_AFTER_MIN_USUAL: u32 = 30;
/// Most minutes of silence a caller may ask for.
const SILENT_AFTER_MIN_MAX: u32 = 24 * 60;

/// A branch's technicians: what each does now, and how his phone is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListTechnicians {
    /// The branch.
    pub branch_id: Id<Branch>,
    /// Also those who do no work any more.
    #[serde(default)]
    pub inactive: bool,
    /// Minutes without a word after which a phone that is on a visit counts as silent.
    #[serde(default = "silent_after_min_usual")]
    #[schemars(range(min = 1, max = SILENT_AFTER_MIN_MAX))]
    pub silent_after_min: u32,
    /// How many.
    #[serde(default)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<After<(Uuid,)>>,
}

fn silent_after_min_usual() -> u32 {
    SILENT_AFTER_MIN_USUAL
}

text_enum! {
    /// What a technician does now.
    pub enum TechnicianState {
        /// On the way to a visit.
        Traveling = "traveling",
        /// At a visit.
        OnSite = "on_site",
        /// A visit is paused.
        Paused = "paused",
        /// A clock runs for driving.
        Travel = "travel",
        /// A clock runs for work.
        Work = "work",
        /// A clock runs for a break.
        Break = "break",
        /// Nothing that the office knows of.
        Idle = "idle",
    }
}

/// A page of technicians.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TechnicianPage {
    /// The technicians, in id order.
    pub technicians: Vec<TechnicianStatus>,
    /// The `after` of the next page; null on the last.
    pub next: Option<String>,
}

/// A technician now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TechnicianStatus {
    /// The technician.
    pub technician_id: Id<Technician>,
    /// The user who signs in as this technician.
    pub user_id: Option<Uuid>,
    /// The name.
    pub name: String,
    /// False for one who does no work any more.
    pub active: bool,
    /// What the technician does now, as far as his phone has said.
    pub state: TechnicianState,
    /// Since when; null when idle.
    pub since: Option<Instant>,
    /// The visit under way.
    pub current_visit: Option<CurrentVisit>,
    /// His phone.
    pub device: DeviceStatus,
}

/// The visit a technician is on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CurrentVisit {
    /// The visit.
    pub visit_id: Id<Visit>,
    /// The job.
    pub job_id: Id<Job>,
    /// The job's number.
    pub number: Option<String>,
    /// The job's title.
    pub title: String,
    /// Where it is.
    pub address: String,
    /// Start of the arrival window.
    pub window_start: Instant,
    /// End of the arrival window.
    pub window_end: Instant,
}

/// What a server knows of a technician's phones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeviceStatus {
    /// How many there are.
    pub devices: u32,
    /// When one last sent something.
    pub last_seen_at: Option<Instant>,
    /// Whether the technician is on a visit and none has sent anything for long: work may be waiting on it.
    pub silent: bool,
    /// How much waits on the phone: null, because a phone without signal cannot say.
    pub pending: Option<u32>,
}

impl Query for ListTechnicians {
    const NAME: &'static str = "technician/v1/list";
    const SUMMARY: &'static str = "A branch's technicians: what each does now, and whether his phone speaks.";
    const SQL: &'static str = include_str!("list.sql");
    type Output = TechnicianPage;

    fn example() -> Self {
        Self {
            branch_id: example_id("branch"),
            inactive: false,
            silent_after_min: SILENT_AFTER_MIN_USUAL,
            limit: Limit::default(),
            after: None,
        }
    }

    fn check(&self) -> Result<(), Rejection> {
        if (1..=SILENT_AFTER_MIN_MAX).contains(&self.silent_after_min) {
            return Ok(());
        }
        let message = format!("A phone counts as silent after 1 to {SILENT_AFTER_MIN_MAX} minutes.");
        Err(Rejection::bad_request("technician.silent_after", message))
    }
}
