//! One queued mutation in memory.

use satchel_protocol::{Registry, Rejection, ShapeError, wire::Outcome, workspace::Footprint};
use uuid::Uuid;

use super::footprint;
use crate::{db::StoredEntry, error::StoreError, store::QueueState};

/// What a verdict means for the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Done, now or long ago.
    Accepted,
    /// Not done; needs attention.
    Refused,
}

/// A queued mutation, but for its arguments and context, which stay on disk.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Position in this phone's order.
    pub(crate) order: i64,
    /// The idempotency key.
    pub(crate) key: Uuid,
    /// The wire number, once assigned.
    pub(crate) seq: Option<u64>,
    /// The RPC path.
    pub(crate) name: String,
    /// The verdict, once known.
    pub(crate) decision: Option<Decision>,
    /// Whether the server's rows here contain its effects.
    pub(crate) contained: bool,
    /// What the rule said when it last ran here and refused.
    pub(crate) refusal: Option<Rejection>,
    /// What its last run here read and wrote.
    pub(crate) footprint: Footprint,
    /// The mutation whose effects it stood on when they went away; without them its rule says no.
    pub(crate) because_of: Option<Uuid>,
    /// Whether it waits for that one. Only a mutation that was never sent is held.
    pub(crate) held: bool,
    /// The refused mutation it was entered in place of.
    pub(crate) retry_of: Option<Uuid>,
    /// The mutation that hands it to the office.
    pub(crate) handed: Option<Uuid>,
}

impl Decision {
    /// What an outcome means.
    pub(crate) fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Accepted { .. } | Outcome::Expired => Self::Accepted,
            Outcome::Rejected(_) | Outcome::Quarantined { .. } => Self::Refused,
        }
    }
}

impl Entry {
    /// From disk.
    pub(crate) fn read(stored: StoredEntry, registry: &Registry) -> Result<Self, StoreError> {
        let decision = stored.outcome.as_deref().map(read_outcome).transpose()?.map(|outcome| Decision::of(&outcome));
        let refusal = stored
            .refusal
            .map(|text| serde_json::from_str(&text).map_err(|_| unreadable("a refusal in the queue")))
            .transpose()?;
        Ok(Self {
            order: stored.local_order,
            key: stored.key,
            seq: stored.seq,
            name: stored.name,
            decision,
            contained: stored.contained,
            refusal,
            footprint: footprint::read(&stored.footprint, registry).ok_or_else(|| unreadable("a footprint"))?,
            because_of: stored.because_of,
            held: stored.held,
            retry_of: stored.retry_of,
            handed: stored.handed,
        })
    }

    /// For disk, undecided.
    pub(crate) fn write(&self) -> StoredEntry {
        StoredEntry {
            local_order: self.order,
            key: self.key,
            seq: self.seq,
            name: self.name.clone(),
            outcome: None,
            contained: self.contained,
            refusal: self.refusal_text(),
            footprint: self.footprint_text(),
            because_of: self.because_of,
            held: self.held,
            retry_of: self.retry_of,
            handed: self.handed,
        }
    }

    /// The footprint as it is stored.
    pub(crate) fn footprint_text(&self) -> String {
        footprint::write(&self.footprint)
    }

    /// The refusal as it is stored.
    pub(crate) fn refusal_text(&self) -> Option<String> {
        self.refusal.as_ref().and_then(|refusal| serde_json::to_string(refusal).ok())
    }

    /// Whether its effects lie over the server's rows.
    pub(crate) fn is_shown(&self) -> bool {
        !self.contained && self.decision != Some(Decision::Refused)
    }

    /// Where it stands.
    pub(crate) fn state(&self) -> QueueState {
        match (self.decision, self.seq) {
            (Some(Decision::Refused), _) => QueueState::Rejected,
            (Some(Decision::Accepted), _) => QueueState::Accepted,
            (None, Some(_)) => QueueState::Sending,
            (None, None) => match self.because_of {
                Some(by) if self.held => QueueState::Held { by },
                _ => QueueState::Pending,
            },
        }
    }
}

/// Reads a stored outcome.
pub(crate) fn read_outcome(text: &str) -> Result<Outcome, StoreError> {
    serde_json::from_str(text).map_err(|_| unreadable("a verdict"))
}

fn unreadable(what: &str) -> StoreError {
    StoreError::Stored(ShapeError::new(what, "what was written"))
}
