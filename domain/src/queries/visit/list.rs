//! `visit/v1/list`.

use jiff::{SignedDuration, Timestamp};
use satchel_protocol::{After, Id, Limit, Query, Rejection, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    queries::example_id,
    rules::clock,
    tables::{Branch, Job, JobPriority, Technician, Visit, VisitState},
};

/// Days of the longest interval.
const INTERVAL_DAYS_MAX: i64 = 366;

/// A technician's visits in an interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListVisits {
    /// The technician.
    pub technician_id: Id<Technician>,
    /// Visits whose window begins at this instant or later,
    pub from: Instant,
    /// and before this one; at most 366 days later.
    pub until: Instant,
    /// How many.
    #[serde(default)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<After<(Instant, Uuid)>>,
}

/// A page of visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VisitPage {
    /// The visits, in order of their windows.
    pub visits: Vec<VisitLine>,
    /// The `after` of the next page; null on the last.
    pub next: Option<String>,
}

/// A visit in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VisitLine {
    /// The visit.
    pub visit_id: Id<Visit>,
    /// Its revision.
    pub rev: String,
    /// The job.
    pub job_id: Id<Job>,
    /// The job's branch.
    pub branch_id: Id<Branch>,
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
    /// The zone people read the window in.
    pub zone: String,
    /// When the technician came.
    pub arrived_at: Option<Instant>,
    /// When it ended.
    pub ended_at: Option<Instant>,
}

impl Query for ListVisits {
    const NAME: &'static str = "visit/v1/list";
    const SUMMARY: &'static str = "A technician's visits whose windows begin in an interval, in order.";
    const SQL: &'static str = include_str!("list.sql");
    type Output = VisitPage;

    fn example() -> Self {
        // 2026-11-23, a Monday, and a week.
        let from = Timestamp::from_second(1_795_392_000).unwrap_or_default();
        Self {
            technician_id: example_id("technician"),
            from: Instant(from),
            until: Instant(from + SignedDuration::from_hours(7 * 24)),
            limit: Limit::default(),
            after: None,
        }
    }

    fn check(&self) -> Result<(), Rejection> {
        let (from, until) = (self.from.0, self.until.0);
        if !clock::plausible(from) || !clock::plausible(until) {
            let message = "The interval must lie in the years 2000 to 2100.";
            return Err(Rejection::bad_request("query.interval_date", message));
        }
        if from >= until || from.duration_until(until) > SignedDuration::from_hours(INTERVAL_DAYS_MAX * 24) {
            let message = format!("The interval must end after it begins, at most {INTERVAL_DAYS_MAX} days later.");
            return Err(Rejection::bad_request("query.interval", message));
        }
        Ok(())
    }
}
