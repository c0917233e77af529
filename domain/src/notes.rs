//! Notes that two people edit: automerge text as append-only changes.
//!
//! Invariants:
//! - Every note starts from one constant genesis change, so that two sides never create two text objects, one of which
//!   would hide the other. It is not stored.
//! - A change touches the text and nothing else, and stands on changes that are there; so the text is a function of the
//!   set of changes, whatever their order.
//! - An editing session makes one change, under an actor id of its own that is never used again; two clones that share
//!   one collide.
//! - No result depends on randomness: the caller supplies the actor.
//!
//! The text encoding is pinned to Unicode code points, the change encoding to automerge's uncompressed change chunk.

mod columns;
mod difference;
mod genesis;
mod history;
mod refusal;
#[cfg(test)]
mod tests;

use automerge::{ActorId, AutoCommit, ChangeHash, ReadDoc, TextEncoding, transaction::CommitOptions};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use satchel_protocol::Id;
use sha2::{Digest, Sha256};

pub use genesis::GENESIS;
pub use history::{Accepted, accept};

use crate::tables::{Note, NoteChange};
use history::History;

/// Why changes of a note were not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The bytes are not a change of a note's text.
    #[error("the change is not an edit of a note's text")]
    Malformed,
    /// A change or an edit is larger than its limit.
    #[error("the change is too large")]
    TooLarge,
    /// A change stands on another one that is not there: author it again on what is there, see [`rebase`].
    #[error("the change stands on one that is missing")]
    MissingPredecessor,
    /// The note would be longer than [`NOTE_TEXT_BYTES`](crate::rules::limits::NOTE_TEXT_BYTES).
    #[error("the note would be too long")]
    TextTooLong,
    /// The text contains NUL, which cannot be stored.
    #[error("the text contains a character that cannot be stored")]
    Nul,
}

/// An edit, ready to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncodedEdit {
    /// The encoded changes; empty when the text is as it was.
    pub changes: Vec<Vec<u8>>,
}

impl EncodedEdit {
    /// The `changes` argument of `note/v1/edit`.
    pub fn to_args(&self) -> Vec<String> {
        self.changes.iter().map(|change| STANDARD.encode(change)).collect()
    }
}

/// One of the `changes` arguments of `note/v1/edit` as bytes; none if it is not base64.
pub fn from_arg(change: &str) -> Option<Vec<u8>> {
    STANDARD.decode(change).ok()
}

/// The text of a note that has these changes, in any order. A change whose predecessor is not among them counts for
/// nothing.
pub fn materialise<B: AsRef<[u8]>>(changes: &[B]) -> Result<String, NoteError> {
    guarded(|| History::of(changes)?.text())
}

/// Authors one change that turns the note into `new_text`. `actor` is 16 fresh random bytes.
pub fn edit<B: AsRef<[u8]>>(existing: &[B], new_text: &str, actor: [u8; 16]) -> Result<EncodedEdit, NoteError> {
    history::check_text(new_text)?;
    guarded(|| {
        let mut history = History::of(existing)?;
        let change = author(&mut history.document, &history.text, new_text, actor)?;
        let changes: Vec<_> = change.into_iter().collect();
        // What is not accepted here would be refused by the server.
        accept(existing, &changes)?;
        Ok(EncodedEdit { changes })
    })
}

/// Authors again what turned `base_text` into `intended_text`, on a note that has the changes `current` by now.
/// `actor` is 16 fresh random bytes.
///
/// For an edit that was refused with `note.rebase`: whatever others wrote stays, and so does what this author wrote.
pub fn rebase<B: AsRef<[u8]>>(
    base_text: &str,
    intended_text: &str,
    current: &[B],
    actor: [u8; 16],
) -> Result<EncodedEdit, NoteError> {
    let merged = guarded(|| {
        let theirs = History::of(current)?.text()?;
        // A three-way merge: both texts as edits of the base, by two authors that live only here.
        let mut base = History::of::<Vec<u8>>(&[])?;
        author(&mut base.document, &base.text, base_text, [1; 16])?;
        let mut other = base.document.fork();
        author(&mut base.document, &base.text, intended_text, [2; 16])?;
        author(&mut other, &base.text, &theirs, [3; 16])?;
        base.document.merge(&mut other).map_err(|_| NoteError::Malformed)?;
        base.text()
    })?;
    edit(current, &merged, actor)
}

/// The id of a change's row: bits hashed from the note and the change's hash, so that a change sent twice is one row.
pub fn change_id(note: Id<Note>, change: ChangeHash) -> Id<NoteChange> {
    let hash = Sha256::new().chain_update(note.uuid().as_bytes()).chain_update(change.0).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    Id::new(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// One change that turns the text object into `new_text`; none when it is that already.
fn author(
    document: &mut AutoCommit,
    text: &automerge::ObjId,
    new_text: &str,
    actor: [u8; 16],
) -> Result<Option<Vec<u8>>, NoteError> {
    document.set_actor(ActorId::from(actor));
    difference::write(document, text, new_text).map_err(|_| NoteError::Malformed)?;
    if document.commit_with(CommitOptions::default().with_time(0)).is_none() {
        return Ok(None);
    }
    Ok(document.get_last_local_change().map(|change| change.raw_bytes().to_vec()))
}

/// Runs automerge on bytes from elsewhere. It may panic on what no honest author writes; here that is an error.
fn guarded<T>(work: impl FnOnce() -> Result<T, NoteError>) -> Result<T, NoteError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or(Err(NoteError::Malformed))
}

fn empty_document() -> AutoCommit {
    AutoCommit::new_with_encoding(TextEncoding::UnicodeCodePoint)
}

fn text_object(document: &AutoCommit) -> Option<automerge::ObjId> {
    document.get(automerge::ROOT, genesis::TEXT_KEY).ok().flatten().map(|(_, object)| object)
}
