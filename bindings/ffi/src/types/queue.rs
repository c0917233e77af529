//! The queue, what needs attention, and what left it.

use satchel_client::{client, store};
use satchel_domain::REGISTRY;
use satchel_protocol::{Rejection, wire};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::error::RefusalKind;

/// Counts of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct QueueSummary {
    /// Not sent.
    pub pending: u64,
    /// Sent, no verdict.
    pub sending: u64,
    /// Accepted, waiting to come back.
    pub accepted: u64,
    /// Refused; need attention.
    pub rejected: u64,
    /// Unsent, waiting for a refused one.
    pub held: u64,
    /// Pending, sending or held ones whose rule, run again here, says no.
    pub may_be_refused: u64,
}

/// A mutation that is durable in the queue, its effects visible.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Mutated {
    /// Its idempotency key.
    pub key: Uuid,
    /// What the rule returned, as JSON; none for a rule that only the server runs.
    pub output_json: Option<String>,
}

/// Where a queued mutation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum QueueState {
    /// Durable here, not sent.
    Pending,
    /// May be at the server; no verdict yet.
    Sending,
    /// Accepted; its effects have not come back yet.
    Accepted,
    /// Refused by the server; needs attention.
    Rejected,
    /// Waits, unsent, for a refused one that it depends on.
    Held,
}

/// Why a mutation was or may be refused.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Refusal {
    /// The kind.
    pub kind: RefusalKind,
    /// A stable reason for programs, `aggregate.rule`.
    pub reason: String,
    /// A sentence a person can act on.
    pub explanation: String,
    /// Facts to show beside it, a JSON object, where there are some.
    pub details_json: Option<String>,
}

/// A queued mutation.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct QueueEntry {
    /// The idempotency key.
    pub key: Uuid,
    /// The mutation's name, `namespace/vN/procedure`.
    pub name: String,
    /// Its arguments as JSON; the generated code reads them.
    pub args_json: String,
    /// The rows it is about, such as a job: what receipts are counted by.
    pub about: Vec<Uuid>,
    /// Where it stands.
    pub state: QueueState,
    /// Why the server may refuse it, by the rule's last run here. It is sent all the same.
    pub may_be_refused: Option<Refusal>,
    /// The one it waits for, refused or held itself.
    pub held_by: Option<Uuid>,
    /// The refused mutation it was entered in place of.
    pub retry_of: Option<Uuid>,
}

/// A mutation that left the queue with a verdict.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Past {
    /// The idempotency key.
    pub key: Uuid,
    /// The mutation's name, `namespace/vN/procedure`.
    pub name: String,
    /// Its arguments as JSON; the generated code reads them.
    pub args_json: String,
    /// The rows it is about, such as a job: what receipts are counted by.
    pub about: Vec<Uuid>,
    /// Why it was refused; none if it was accepted.
    pub refusal: Option<Refusal>,
    /// The refused mutation it was entered in place of.
    pub retry_of: Option<Uuid>,
    /// The mutation that was entered in place of it.
    pub replaced_by: Option<Uuid>,
    /// What the office decided on it, if it did: tell its author.
    #[uniffi(default = None)]
    pub settlement: Option<Settlement>,
}

/// What the office decided on a mutation that was handed to it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Settlement {
    /// The decision.
    pub decision: Decision,
    /// What the supervisor wrote to its author.
    pub note: Option<String>,
}

/// What the office can decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Decision {
    /// It was done.
    Applied,
    /// It was done with other arguments.
    Repaired,
    /// It was not done.
    Dismissed,
    /// Something that this build does not know.
    Other,
}

/// A mutation the server did not take.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Attention {
    /// The mutation.
    pub entry: QueueEntry,
    /// Why.
    pub refusal: Refusal,
    /// Finds a fault of the server in its logs, if it was one.
    pub trace_id: Option<String>,
    /// The refused mutation it stood on, if it was refused because of it. A retry of that one sends this one after it.
    pub because_of: Option<Uuid>,
    /// Mutations that wait for this one, in order.
    pub holds: Vec<Uuid>,
    /// Whether it is in the office's inbox, or on its way there. What is decided there arrives by itself, and stands in the
    /// history.
    #[uniffi(default = false)]
    pub with_office: bool,
}

impl From<store::QueueSummary> for QueueSummary {
    fn from(queue: store::QueueSummary) -> Self {
        Self {
            pending: queue.pending as u64,
            sending: queue.sending as u64,
            accepted: queue.accepted as u64,
            rejected: queue.rejected as u64,
            held: queue.held as u64,
            may_be_refused: queue.may_be_refused as u64,
        }
    }
}

impl From<client::Mutated> for Mutated {
    fn from(mutated: client::Mutated) -> Self {
        Self { key: mutated.key, output_json: mutated.output.map(|output| output.to_string()) }
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self {
            kind: RefusalKind::of(rejection.code),
            reason: rejection.reason,
            explanation: rejection.message,
            details_json: (!rejection.details.is_null()).then(|| rejection.details.to_string()),
        }
    }
}

impl From<store::QueueEntry> for QueueEntry {
    fn from(entry: store::QueueEntry) -> Self {
        Self {
            key: entry.key,
            args_json: entry.args.get().to_owned(),
            about: about(&entry.name, &entry.args),
            name: entry.name,
            state: match entry.state {
                store::QueueState::Pending => QueueState::Pending,
                store::QueueState::Sending => QueueState::Sending,
                store::QueueState::Accepted => QueueState::Accepted,
                store::QueueState::Rejected => QueueState::Rejected,
                store::QueueState::Held { .. } => QueueState::Held,
            },
            may_be_refused: entry.may_be_refused.map(Refusal::from),
            held_by: match entry.state {
                store::QueueState::Held { by } => Some(by),
                _ => None,
            },
            retry_of: entry.retry_of,
        }
    }
}

impl From<store::Attention> for Attention {
    fn from(attention: store::Attention) -> Self {
        let trace_id = match &attention.outcome {
            wire::Outcome::Quarantined { trace_id } => Some(trace_id.clone()),
            _ => None,
        };
        Self {
            entry: attention.entry.into(),
            // The list holds nothing that was accepted.
            refusal: refusal(attention.outcome).unwrap_or_else(fault),
            trace_id,
            because_of: attention.because_of,
            holds: attention.holds,
            with_office: attention.with_office,
        }
    }
}

impl From<store::Past> for Past {
    fn from(past: store::Past) -> Self {
        Self {
            key: past.key,
            args_json: past.args.get().to_owned(),
            about: about(&past.name, &past.args),
            name: past.name,
            refusal: refusal(past.outcome),
            retry_of: past.retry_of,
            replaced_by: past.replaced_by,
            settlement: past.settlement.map(Settlement::from),
        }
    }
}

impl From<wire::Settlement> for Settlement {
    fn from(settlement: wire::Settlement) -> Self {
        let decision = match settlement.decision.as_str() {
            "applied" => Decision::Applied,
            "repaired" => Decision::Repaired,
            "dismissed" => Decision::Dismissed,
            _ => Decision::Other,
        };
        Self { decision, note: settlement.note }
    }
}

fn about(name: &str, args: &RawValue) -> Vec<Uuid> {
    REGISTRY.roots(name, args.get()).iter().map(|root| root.id).collect()
}

/// Why not; none if it was accepted.
fn refusal(outcome: wire::Outcome) -> Option<Refusal> {
    match outcome {
        wire::Outcome::Rejected(rejection) => Some(rejection.into()),
        wire::Outcome::Quarantined { .. } => Some(fault()),
        wire::Outcome::Accepted { .. } | wire::Outcome::Expired => None,
    }
}

fn fault() -> Refusal {
    Refusal {
        kind: RefusalKind::Other,
        reason: "server.fault".to_owned(),
        explanation: "The server could not process this. It is kept here: try again, or tell the office.".to_owned(),
        details_json: None,
    }
}
