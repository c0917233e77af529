//! `job/v1/list` and `job/v1/search`.

use satchel_protocol::{After, Id, Limit, Query, Rejection, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    queries::{Phrase, example_id},
    tables::{Branch, Customer, Job, JobPriority, JobState, Location},
};

/// The jobs of a branch in one state, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListJobs {
    /// The branch.
    pub branch_id: Id<Branch>,
    /// The state.
    pub state: JobState,
    /// How many.
    #[serde(default)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<After<(Uuid,)>>,
}

/// Finds jobs by number, title, customer and address, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchJobs {
    /// Up to eight words; each must be the beginning of a word of the job's number or title, of its customer's name,
    /// telephone number or e-mail address, or of its address.
    pub text: Phrase,
    /// Only jobs of this branch.
    #[serde(default)]
    pub branch_id: Option<Id<Branch>>,
    /// How many.
    #[serde(default)]
    pub limit: Limit,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<After<(Uuid,)>>,
}

/// A page of jobs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobPage {
    /// The jobs.
    pub jobs: Vec<JobFound>,
    /// The `after` of the next page; null on the last.
    pub next: Option<String>,
}

/// A job in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobFound {
    /// The job.
    pub job_id: Id<Job>,
    /// The branch that does it.
    pub branch_id: Id<Branch>,
    /// The office's number.
    pub number: Option<String>,
    /// One line.
    pub title: String,
    /// Where it stands.
    pub state: JobState,
    /// How urgent it is.
    pub priority: JobPriority,
    /// The customer.
    pub customer_id: Id<Customer>,
    /// The customer's name.
    pub customer_name: String,
    /// The location.
    pub location_id: Id<Location>,
    /// The location's address.
    pub address: String,
    /// When it was written down.
    pub created_at: Instant,
}

impl Query for ListJobs {
    const NAME: &'static str = "job/v1/list";
    const SUMMARY: &'static str = "The jobs of a branch in one state, newest first.";
    const SQL: &'static str = include_str!("list.sql");
    type Output = JobPage;

    fn example() -> Self {
        Self { branch_id: example_id("branch"), state: JobState::Unscheduled, limit: Limit::default(), after: None }
    }

    fn check(&self) -> Result<(), Rejection> {
        match &self.state {
            JobState::Unknown(_) => Err(Rejection::bad_request("job.state", "There is no such state of a job.")),
            _ => Ok(()),
        }
    }
}

impl Query for SearchJobs {
    const NAME: &'static str = "job/v1/search";
    const SUMMARY: &'static str = "Finds jobs by the beginnings of words in number, title, customer and address.";
    const SQL: &'static str = include_str!("search.sql");
    type Output = JobPage;

    fn example() -> Self {
        Self {
            text: Phrase::new("furnace").unwrap_or_else(|| unreachable!("a word is a phrase")),
            branch_id: None,
            limit: Limit::default(),
            after: None,
        }
    }
}
