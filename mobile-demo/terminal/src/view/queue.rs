//! What waits to be sent, and what the server did not take.

use jiff::Timestamp;
use satchel_client::{
    Reader, StoreError,
    store::{Attention, QueueEntry, QueueState},
};
use satchel_domain::tables::Job;
use satchel_protocol::{Id, context::ClientContext, wire::Outcome};
use serde::Deserialize;
use uuid::Uuid;

use crate::{picker::Item, words};

/// A mutation on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its key.
    pub key: Uuid,
    /// What it is, in words.
    pub what: String,
    /// The job it is about; empty when it is about none, or that is not on this phone.
    pub about: String,
    /// When it was entered.
    pub entered_at: Option<Timestamp>,
    /// Where it stands.
    pub state: QueueState,
    /// Why the server may refuse it.
    pub may_be_refused: Option<String>,
}

/// A mutation the server did not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its key.
    pub key: Uuid,
    /// What it was, in words.
    pub what: String,
    /// The job it is about; empty when it is about none, or that is not on this phone.
    pub about: String,
    /// When it was entered.
    pub entered_at: Option<Timestamp>,
    /// The stable reason.
    pub reason: String,
    /// What to tell the person.
    pub message: String,
    /// How many others wait for it.
    pub holds: usize,
    /// Whether the office has it.
    pub with_office: bool,
}

impl Item for Waiting {
    fn key(&self) -> Uuid {
        self.key
    }
}

impl Item for Refused {
    fn key(&self) -> Uuid {
        self.key
    }
}

fn entered_at(entry: &QueueEntry) -> Option<Timestamp> {
    serde_json::from_str::<ClientContext>(entry.context.get()).ok().map(|context| context.occurred_at)
}

/// What the arguments of most mutations have in common.
#[derive(Deserialize)]
struct About {
    job_id: Option<Id<Job>>,
}

fn about(reader: &Reader, entry: &QueueEntry) -> Result<String, StoreError> {
    let job_id = serde_json::from_str::<About>(entry.args.get()).ok().and_then(|about| about.job_id);
    let job = match job_id {
        Some(id) => reader.get(id)?,
        None => None,
    };
    Ok(job.map(|job| job.title).unwrap_or_default())
}

impl Waiting {
    /// The entry as it is shown.
    pub fn of(reader: &Reader, entry: QueueEntry) -> Result<Self, StoreError> {
        Ok(Self {
            key: entry.key,
            what: words::mutation(&entry.name),
            about: about(reader, &entry)?,
            entered_at: entered_at(&entry),
            state: entry.state,
            may_be_refused: entry.may_be_refused.map(|rejection| rejection.message),
        })
    }
}

impl Refused {
    /// The refusal as it is shown.
    pub fn of(reader: &Reader, attention: Attention) -> Result<Self, StoreError> {
        let (reason, message) = match attention.outcome {
            Outcome::Rejected(rejection) => (rejection.reason, rejection.message),
            Outcome::Quarantined { trace_id } => (
                "quarantined".to_owned(),
                format!(
                    "The server failed on this five times. Please tell the office; it finds the fault by {trace_id}."
                ),
            ),
            Outcome::Expired => (
                "expired".to_owned(),
                "This was processed so long ago that nobody knows how. Please check the visit.".to_owned(),
            ),
            Outcome::Accepted { .. } => ("accepted".to_owned(), "The server took this after all.".to_owned()),
        };
        let entry = attention.entry;
        Ok(Self {
            key: entry.key,
            what: words::mutation(&entry.name),
            about: about(reader, &entry)?,
            entered_at: entered_at(&entry),
            reason,
            message,
            holds: attention.holds.len(),
            with_office: attention.with_office,
        })
    }
}
