//! A note's changes, applied; and the gate new ones pass.

use std::collections::{HashMap, HashSet};

use automerge::{
    ActorId, AutoCommit, Change, ChangeHash, ObjId, ReadDoc, ScalarValue,
    legacy::{Key, ObjectId, OpId, OpType},
};

use super::{GENESIS, NoteError, columns, empty_document, guarded, text_object};
use crate::rules::limits::{NOTE_CHANGE_BYTES, NOTE_CHANGES_PER_EDIT, NOTE_TEXT_BYTES};

/// A note's document, and what its changes are known by.
pub(super) struct History {
    /// All changes whose predecessors are there.
    pub(super) document: AutoCommit,
    /// The text object.
    pub(super) text: ObjId,
    hashes: HashSet<ChangeHash>,
    /// How many changes each actor has made.
    counts: HashMap<ActorId, u64>,
    /// The highest operation counter.
    max_op: u64,
    /// The id of the operation that made the text object.
    text_op: OpId,
}

/// Changes that may be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Those that were not there yet: hash and encoding, predecessors first.
    pub fresh: Vec<(ChangeHash, Vec<u8>)>,
    /// The note's text with all of them.
    pub text: String,
}

impl History {
    /// Applies stored changes to the genesis.
    pub(super) fn of<B: AsRef<[u8]>>(changes: &[B]) -> Result<Self, NoteError> {
        let genesis = decode(GENESIS)?;
        let text_op = OpId::new(1, genesis.actor_id());
        let mut document = empty_document();
        document.apply_changes([genesis.clone()]).map_err(|_| NoteError::Malformed)?;
        let text = text_object(&document).ok_or(NoteError::Malformed)?;
        let mut history = Self { document, text, hashes: HashSet::new(), counts: HashMap::new(), max_op: 0, text_op };
        history.know(&genesis);
        let changes: Vec<Change> = changes.iter().map(|change| decode(change.as_ref())).collect::<Result<_, _>>()?;
        for change in &changes {
            history.know(change);
        }
        history.document.apply_changes(changes).map_err(|_| NoteError::Malformed)?;
        Ok(history)
    }

    /// The text.
    pub(super) fn text(&self) -> Result<String, NoteError> {
        self.document.text(&self.text).map_err(|_| NoteError::Malformed)
    }

    fn know(&mut self, change: &Change) {
        self.hashes.insert(change.hash());
        *self.counts.entry(change.actor_id().clone()).or_default() += 1;
        self.max_op = self.max_op.max(change.max_op());
    }

    /// Takes a change from elsewhere, if it may be stored. False when it is there already.
    fn take(&mut self, bytes: &[u8]) -> Result<bool, NoteError> {
        columns::check(bytes)?;
        let change = decode(bytes)?;
        if self.hashes.contains(&change.hash()) {
            return Ok(false);
        }
        if !change.deps().iter().all(|hash| self.hashes.contains(hash)) {
            return Err(NoteError::MissingPredecessor);
        }
        let made = self.counts.get(change.actor_id()).copied().unwrap_or_default();
        if change.seq() != made + 1 {
            // Above: its predecessor is missing. At or below: two clones wrote under one actor.
            return Err(NoteError::MissingPredecessor);
        }
        // A counter far ahead would leave no room for later edits; one that is reused would name two operations.
        if change.is_empty() || change.deps().is_empty() || change.start_op().get() > self.max_op + 1 {
            return Err(NoteError::Malformed);
        }
        if !self.edits_only_text(&change) {
            return Err(NoteError::Malformed);
        }
        self.know(&change);
        self.document.apply_changes([change]).map_err(|_| NoteError::Malformed)?;
        Ok(true)
    }

    fn edits_only_text(&self, change: &Change) -> bool {
        change.decode().operations.iter().all(|operation| {
            let writes_text = match &operation.action {
                OpType::Put(ScalarValue::Str(_)) => true,
                OpType::Delete => !operation.insert,
                _ => false,
            };
            let in_text = matches!(&operation.obj, ObjectId::Id(id) if *id == self.text_op);
            writes_text && in_text && matches!(operation.key, Key::Seq(_))
        })
    }
}

/// Checks changes that somebody wants to add to a note that has `existing`. Those that are there already are no fault:
/// sending twice is harmless.
pub fn accept<B: AsRef<[u8]>, N: AsRef<[u8]>>(existing: &[B], incoming: &[N]) -> Result<Accepted, NoteError> {
    if incoming.len() > NOTE_CHANGES_PER_EDIT || incoming.iter().any(|change| change.as_ref().len() > NOTE_CHANGE_BYTES)
    {
        return Err(NoteError::TooLarge);
    }
    guarded(|| {
        let mut history = History::of(existing)?;
        let mut fresh = Vec::new();
        for change in incoming.iter().map(AsRef::as_ref) {
            if history.take(change)? {
                fresh.push((decode(change)?.hash(), change.to_vec()));
            }
        }
        let text = history.text()?;
        check_text(&text)?;
        Ok(Accepted { fresh, text })
    })
}

/// Whether a note may have this text.
pub(super) fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > NOTE_TEXT_BYTES {
        return Err(NoteError::TextTooLong);
    }
    if text.contains('\0') { Err(NoteError::Nul) } else { Ok(()) }
}

/// Decodes one change, whose checksum must fit.
fn decode(bytes: &[u8]) -> Result<Change, NoteError> {
    let change = Change::try_from(bytes).map_err(|_| NoteError::Malformed)?;
    if bytes.get(columns::CHECKSUM) == change.hash().0.get(..4) { Ok(change) } else { Err(NoteError::Malformed) }
}
