//! Texts as edits of a note: a text goes in, the smallest change that makes it comes out, ready to be queued.
//! [`Client::edit_note`](crate::Client::edit_note) does both.
//!
//! Invariants:
//! - Every edit has an actor of its own, drawn here and never used again; it is one change, however much was typed.
//! - What others wrote meanwhile stays, and so does what this author wrote.

use satchel_domain::{
    mutations::EditNote,
    notes::{self, EncodedEdit, NoteError},
    tables::{Note, NoteChange},
};
use satchel_protocol::{Id, Mutation as _, wire::Outcome};
use uuid::Uuid;

use crate::{Reader, StoreError, store::Attention};

/// Why a text cannot become an edit. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum NoteEditError {
    /// The note has left this phone.
    #[error("this note is not on this phone any more")]
    Gone,
    /// The text does not fit a note: it is too long, or holds what cannot be stored.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The replica failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The edit that turns the note into `text`; none when it is that already. Queue it with
/// [`Client::mutate`](crate::Client::mutate).
///
/// `base` is the text the person saw when editing began: what others wrote since then stays. Without it, the present
/// text is meant.
///
/// # Errors
/// [`NoteEditError::Gone`]; [`NoteEditError::Note`] when the text does not fit; [`NoteEditError::Store`].
pub fn edit(
    reader: &Reader,
    note: Id<Note>,
    base: Option<&str>,
    text: &str,
) -> Result<Option<EditNote>, NoteEditError> {
    let (row, existing) = read(reader, note)?;
    let edit = match base {
        Some(base) if base != row.text => notes::rebase(base, text, &existing, actor())?,
        _ => notes::edit(&existing, text, actor())?,
    };
    Ok(mutation(&row, &edit))
}

/// The refused edit with this key, written again on the text as it is now; none if it is no refused edit of a note, or
/// was not refused for what it builds on.
///
/// `attention` is the whole list: an edit may build on an earlier one that was refused, too.
/// [`Client::retry`](crate::Client::retry) does this by itself.
///
/// # Errors
/// As [`edit`].
pub fn again(reader: &Reader, attention: &[Attention], key: Uuid) -> Result<Option<EditNote>, NoteEditError> {
    let Some(at) = attention.iter().position(|refused| refused.entry.key == key) else { return Ok(None) };
    let Some(refused) = note_edit(&attention[at]).filter(|_| needs_rebase(&attention[at])) else { return Ok(None) };
    let (row, existing) = read(reader, refused.note_id)?;
    let mut known = existing.clone();
    for earlier in attention[..at].iter().filter_map(note_edit).filter(|edit| edit.note_id == refused.note_id) {
        known.extend(changes(&earlier));
    }
    let base = notes::materialise(&known)?;
    known.extend(changes(&refused));
    let intended = notes::materialise(&known)?;
    let edit = notes::rebase(&base, &intended, &existing, actor())?;
    Ok(mutation(&row, &edit))
}

fn read(reader: &Reader, note: Id<Note>) -> Result<(Note, Vec<Vec<u8>>), NoteEditError> {
    let row = reader.get(note)?.ok_or(NoteEditError::Gone)?;
    let changes: Vec<NoteChange> = reader.find(NoteChange::BY_NOTE, &[note.into()])?;
    Ok((row, changes.into_iter().map(|change| change.change).collect()))
}

fn mutation(note: &Note, edit: &EncodedEdit) -> Option<EditNote> {
    let changes = edit.to_args();
    (!changes.is_empty()).then_some(EditNote { job_id: note.job_id, note_id: note.id, changes })
}

fn note_edit(refused: &Attention) -> Option<EditNote> {
    (refused.entry.name == EditNote::NAME).then(|| serde_json::from_str(refused.entry.args.get()).ok()).flatten()
}

fn needs_rebase(refused: &Attention) -> bool {
    match &refused.outcome {
        Outcome::Rejected(rejection) => rejection.reason == "note.rebase",
        _ => false,
    }
}

fn changes(edit: &EditNote) -> impl Iterator<Item = Vec<u8>> {
    edit.changes.iter().filter_map(|change| notes::from_arg(change))
}

fn actor() -> [u8; 16] {
    Uuid::new_v4().into_bytes()
}
