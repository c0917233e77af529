//! The queue as support may see it.
//!
//! Invariants: nothing of what a person entered leaves here: no arguments, no context, no message of a rule.

use std::collections::BTreeMap;

use satchel_protocol::{ErrorCode, wire::Outcome};
use serde::Serialize;

use super::{QueueState, Store};
use crate::{
    db::{Durability, Tx},
    error::StoreError,
    queue::{Decision, Entry, read_outcome},
};

/// Kinds of refused mutation named; the rest is counted.
pub const REFUSED_KINDS: usize = 50;
/// Bytes of a code; what is longer, or no code, is not told.
const CODE_BYTES: usize = 100;

/// Mutations in one state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QueueAge {
    /// How many.
    pub count: usize,
    /// When the oldest was entered, by the device's clock then; milliseconds since 1970.
    pub oldest_at_ms: Option<u64>,
}

/// Refused mutations of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The RPC path.
    pub name: String,
    /// The verdict's code; none for one that failed at the server and waits for a supervisor.
    pub code: Option<ErrorCode>,
    /// The rule, `aggregate.rule`.
    pub reason: Option<String>,
    /// How many.
    pub count: usize,
}

/// The queue by state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QueueReport {
    /// Not sent.
    pub pending: QueueAge,
    /// Sent, no verdict.
    pub sending: QueueAge,
    /// Accepted, waiting for their delta.
    pub accepted: QueueAge,
    /// Refused; need attention.
    pub rejected: QueueAge,
    /// Unsent, waiting for a refused one.
    pub held: QueueAge,
    /// Undecided ones whose rule, run again here, says no.
    pub may_be_refused: usize,
    /// What was refused and why, at most [`REFUSED_KINDS`], those entered first first.
    pub refused: Vec<Refused>,
}

impl QueueAge {
    fn add(&mut self, entry: &Entry) {
        self.count += 1;
        let entered_ms = entry.key.get_timestamp().map(|at| {
            let (seconds, nanos) = at.to_unix();
            seconds * 1_000 + u64::from(nanos / 1_000_000)
        });
        self.oldest_at_ms = self.oldest_at_ms.into_iter().chain(entered_ms).min();
    }
}

impl Store {
    /// The queue by state, with what was refused and why.
    pub fn queue_report(&self) -> Result<QueueReport, StoreError> {
        self.shared.write(Durability::Process, |tx, state, _| {
            let mut report = QueueReport { may_be_refused: state.queue.summary().may_be_refused, ..Default::default() };
            let mut kinds = BTreeMap::new();
            for entry in state.queue.iter() {
                match entry.state() {
                    QueueState::Pending => report.pending.add(entry),
                    QueueState::Sending => report.sending.add(entry),
                    QueueState::Accepted => report.accepted.add(entry),
                    QueueState::Rejected => report.rejected.add(entry),
                    QueueState::Held { .. } => report.held.add(entry),
                }
                if entry.decision == Some(Decision::Refused) {
                    note_refused(tx, entry, &mut kinds, &mut report.refused)?;
                }
            }
            Ok(report)
        })
    }
}

/// Where a kind stands in the report.
type Kinds = BTreeMap<(String, Option<String>), usize>;

fn note_refused(tx: &Tx<'_>, entry: &Entry, kinds: &mut Kinds, told: &mut Vec<Refused>) -> Result<(), StoreError> {
    let (code, reason) = match read_outcome(&tx.outcome(entry.order)?.unwrap_or_default())? {
        Outcome::Rejected(why) => (Some(why.code), Some(why.reason).filter(|reason| is_code(reason))),
        Outcome::Quarantined { .. } | Outcome::Accepted { .. } | Outcome::Expired => (None, None),
    };
    let name = if is_code(&entry.name) { entry.name.clone() } else { "unknown".to_owned() };
    let kind = (name.clone(), reason.clone());
    match kinds.get(&kind) {
        Some(position) => told[*position].count += 1,
        None if told.len() < REFUSED_KINDS => {
            kinds.insert(kind, told.len());
            told.push(Refused { name, code, reason, count: 1 });
        }
        None => {}
    }
    Ok(())
}

/// Whether a text is a code, and not something that should not stand in its place.
fn is_code(text: &str) -> bool {
    let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "./_-".contains(letter);
    !text.is_empty() && text.len() <= CODE_BYTES && text.chars().all(letter)
}
