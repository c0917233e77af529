//! What waits to be sent, and what the server did not take.

use jiff::Timestamp;
use satchel_client::store::{Attention, QueueEntry, QueueState};
use satchel_protocol::{context::ClientContext, wire::Outcome};
use uuid::Uuid;

use crate::{picker::Item, words};

/// A mutation on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its key.
    pub key: Uuid,
    /// What it is, in words.
    pub what: String,
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
    /// When it was entered.
    pub entered_at: Option<Timestamp>,
    /// The stable reason.
    pub reason: String,
    /// What to tell the person.
    pub message: String,
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

impl From<QueueEntry> for Waiting {
    fn from(entry: QueueEntry) -> Self {
        Self {
            key: entry.key,
            what: words::mutation(&entry.name),
            entered_at: entered_at(&entry),
            state: entry.state,
            may_be_refused: entry.may_be_refused.map(|rejection| rejection.message),
        }
    }
}

impl From<Attention> for Refused {
    fn from(attention: Attention) -> Self {
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
        Self { key: entry.key, what: words::mutation(&entry.name), entered_at: entered_at(&entry), reason, message }
    }
}
