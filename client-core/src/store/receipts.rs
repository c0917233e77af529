//! How far the work on something has come.

use serde::Serialize;
use uuid::Uuid;

use super::{QueueState, Store};
use crate::{
    db::Durability,
    error::StoreError,
    queue::{Decision, read_outcome, verdict::HISTORY_MUTATIONS},
};

/// Mutations by how far they have come. Each count includes those that have come further, so that all have arrived once
/// the four are equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Receipts {
    /// Durable on this phone, but for those taken back or entered anew.
    pub captured: usize,
    /// Handed to the server, which may have them.
    pub sent: usize,
    /// Accepted by the server.
    pub accepted: usize,
    /// Back on this phone within the server's rows.
    pub applied: usize,
    /// Captured ones that the server refused and nobody has decided on.
    pub refused: usize,
}

impl Receipts {
    /// Everything captured is at the server, and back.
    pub fn all_applied(&self) -> bool {
        self.captured == self.applied
    }
}

impl Store {
    /// The mutations that name any of these rows as what they are about (a visit's id, a job's), out of the queue and the
    /// last [`HISTORY_MUTATIONS`] that left it. What this build does not know any more is not counted.
    pub fn receipts(&self, roots: &[Uuid]) -> Result<Receipts, StoreError> {
        let registry = self.shared.registry();
        let about = |name: &str, args: &str| registry.roots(name, args).iter().any(|root| roots.contains(&root.id));
        self.shared.write(Durability::Process, |tx, state, _| {
            let mut receipts = Receipts::default();
            for entry in state.queue.iter() {
                if about(&entry.name, tx.content(entry.order)?.args.get()) {
                    let state = entry.state();
                    receipts.captured += 1;
                    receipts.sent += usize::from(!matches!(state, QueueState::Pending | QueueState::Held { .. }));
                    receipts.accepted += usize::from(state == QueueState::Accepted);
                    receipts.refused += usize::from(state == QueueState::Rejected);
                }
            }
            for past in tx.history(HISTORY_MUTATIONS)? {
                let accepted = Decision::of(&read_outcome(&past.outcome)?) == Decision::Accepted;
                if accepted && about(&past.name, past.content.args.get()) {
                    receipts.captured += 1;
                    receipts.sent += 1;
                    receipts.accepted += 1;
                    receipts.applied += 1;
                }
            }
            Ok(receipts)
        })
    }
}
