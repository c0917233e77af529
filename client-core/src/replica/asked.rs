//! What pulls stated whose answers may still come.
//!
//! Invariant: an answer that follows a place where the replica does not stand any more is taken only if it brings everything
//! since: it was asked from there, and the scopes held are those that were stated.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use uuid::Uuid;

/// Pulls remembered; of more, the oldest is forgotten.
const PULLS: usize = 4;

/// See the module. In memory only: whoever opens the file anew has asked nothing.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// The highest number whose verdict was stored here when the pull that opened the last pass was made. A server that
    /// answers it with a lower `last_seq` was restored.
    pub(crate) verdicts_through: u64,
    /// Where each pull was made from, and with what scopes.
    pulls: VecDeque<(String, Arc<BTreeSet<Uuid>>)>,
}

impl Asked {
    /// A pull is made from `place`.
    pub(super) fn from(&mut self, place: String, held: Arc<BTreeSet<Uuid>>) {
        if self.pulls.len() == PULLS {
            self.pulls.pop_front();
        }
        self.pulls.push_back((place, held));
    }

    /// Whether what follows `place` answers a pull, which a delta has crossed on its way. Answers come in the order of the
    /// pulls, each once.
    pub(super) fn answers(&mut self, place: &str, held: &BTreeSet<Uuid>) -> bool {
        let Some(at) = self.pulls.iter().position(|(from, _)| from == place) else { return false };
        self.pulls.drain(..=at).next_back().is_some_and(|(_, stated)| *stated == *held)
    }

    /// What is answered from now on would bring back what was given up.
    pub(crate) fn nothing(&mut self) {
        self.pulls.clear();
    }
}
