//! `board/v1/day`.

use jiff::civil::{Date, date};
use satchel_protocol::{Id, Query, Rejection, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    queries::{example_id, plausible_day},
    tables::{Assignment, Branch, Job, JobPriority, Technician, Visit, VisitState},
};

/// Visits of a board when the caller does not say.
const VISITS_USUAL: u32 = 1_000;
/// Visits of the largest board.
pub const VISITS_MAX: u32 = 2_000;
/// Jobs without a visit beside the board when the caller does not say.
const UNSCHEDULED_USUAL: u32 = 100;
/// Most jobs without a visit beside the board; `job/v1/list` has them all, in pages.
pub const UNSCHEDULED_MAX: u32 = 500;

/// A day of a branch: who does what when, and what nobody does yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoardDay {
    /// The branch.
    pub branch_id: Id<Branch>,
    /// The day, in the branch's zone; of the years 2000 to 2100.
    pub day: Date,
    /// How many visits the board may have.
    #[serde(default = "visits_usual")]
    #[schemars(range(min = 1, max = VISITS_MAX))]
    pub visits_max: u32,
    /// How many jobs without a visit are listed beside it.
    #[serde(default = "unscheduled_usual")]
    #[schemars(range(min = 0, max = UNSCHEDULED_MAX))]
    pub unscheduled_max: u32,
}

fn visits_usual() -> u32 {
    VISITS_USUAL
}

fn unscheduled_usual() -> u32 {
    UNSCHEDULED_USUAL
}

/// The day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Board {
    /// The branch.
    pub branch_id: Id<Branch>,
    /// Its name.
    pub branch_name: String,
    /// Its zone, which the day is in.
    pub zone: String,
    /// The day.
    pub day: Date,
    /// Its first instant.
    pub starts_at: Instant,
    /// The first instant after it.
    pub ends_at: Instant,
    /// One for each active technician of the branch, and for whoever else has a visit; by name.
    pub lanes: Vec<Lane>,
    /// Open visits that nobody is assigned to.
    pub unassigned_visits: Vec<UnassignedVisit>,
    /// Jobs without an open visit, newest first.
    pub unscheduled_jobs: Vec<UnscheduledJob>,
    /// Whether there are more of them; `job/v1/list` pages through all.
    pub more_unscheduled: bool,
    /// Whether the day has more visits than `visits_max`: the board is then not complete.
    pub truncated: bool,
}

/// A technician's day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lane {
    /// The technician.
    pub technician_id: Id<Technician>,
    /// The technician's name.
    pub name: String,
    /// False for one who does no work any more.
    pub active: bool,
    /// True for one that another branch lends.
    pub from_other_branch: bool,
    /// The visits whose windows touch the day, in order.
    pub visits: Vec<LaneVisit>,
}

/// A visit in a lane. One that two technicians go to is in both lanes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LaneVisit {
    /// Who goes where, as a row.
    pub assignment_id: Id<Assignment>,
    /// The visit.
    pub visit_id: Id<Visit>,
    /// The visit's revision: another one after every change.
    pub rev: String,
    /// The job.
    pub job_id: Id<Job>,
    /// The job's number.
    pub number: Option<String>,
    /// The job's title.
    pub title: String,
    /// How urgent the job is.
    pub priority: JobPriority,
    /// Whom it is for.
    pub customer_name: String,
    /// Where it is.
    pub address: String,
    /// Where the visit stands.
    pub state: VisitState,
    /// Start of the arrival window.
    pub window_start: Instant,
    /// End of the arrival window.
    pub window_end: Instant,
    /// When the technician came.
    pub arrived_at: Option<Instant>,
    /// When the visit ended.
    pub ended_at: Option<Instant>,
    /// Whether the window shares time with that of another open visit of the same technician.
    pub overlaps: bool,
    /// Whether somebody accepted that.
    pub overlap_confirmed: bool,
}

/// A visit that nobody is assigned to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UnassignedVisit {
    /// The visit.
    pub visit_id: Id<Visit>,
    /// Its revision.
    pub rev: String,
    /// The job.
    pub job_id: Id<Job>,
    /// The job's number.
    pub number: Option<String>,
    /// The job's title.
    pub title: String,
    /// How urgent the job is.
    pub priority: JobPriority,
    /// Whom it is for.
    pub customer_name: String,
    /// Where it is.
    pub address: String,
    /// Where the visit stands.
    pub state: VisitState,
    /// Start of the arrival window.
    pub window_start: Instant,
    /// End of the arrival window.
    pub window_end: Instant,
}

/// A job that waits for a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UnscheduledJob {
    /// The job.
    pub job_id: Id<Job>,
    /// Its number.
    pub number: Option<String>,
    /// Its title.
    pub title: String,
    /// How urgent it is.
    pub priority: JobPriority,
    /// Whom it is for.
    pub customer_name: String,
    /// Where it is.
    pub address: String,
    /// When it was written down.
    pub created_at: Instant,
}

impl Query for BoardDay {
    const NAME: &'static str = "board/v1/day";
    const SUMMARY: &'static str = "A branch's day: technicians with their visits, and work nobody does yet.";
    const SQL: &'static str = include_str!("day.sql");
    type Output = Board;

    fn example() -> Self {
        Self {
            branch_id: example_id("branch"),
            day: date(2026, 11, 23),
            visits_max: VISITS_USUAL,
            unscheduled_max: UNSCHEDULED_USUAL,
        }
    }

    fn check(&self) -> Result<(), Rejection> {
        plausible_day(self.day)?;
        if !(1..=VISITS_MAX).contains(&self.visits_max) || self.unscheduled_max > UNSCHEDULED_MAX {
            let message = format!("A board has 1 to {VISITS_MAX} visits and lists up to {UNSCHEDULED_MAX} jobs.");
            return Err(Rejection::bad_request("board.bounds", message));
        }
        Ok(())
    }
}
