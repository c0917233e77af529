//! `note/v1/edit`.

use satchel_protocol::{Ctx, Id, Mutation, Rejection, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::notable_job;
use crate::{
    notes::{self, NoteError},
    rules::{
        clock,
        limits::{NOTE_CHANGES, NOTE_CHANGES_PER_EDIT},
    },
    tables::{Job, Note, NoteChange},
};

/// Adds changes to a note; see [`notes::edit`] for making them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EditNote {
    /// The job the note is on.
    pub job_id: Id<Job>,
    /// The note.
    pub note_id: Id<Note>,
    /// Automerge changes (version 0.12, uncompressed, text in Unicode code points) in standard base64, predecessors
    /// first; 1 to 16, each at most 65,536 bytes. Refused with `note.rebase` when a predecessor is missing.
    #[schemars(inner(length(max = crate::rules::limits::base64_chars(crate::rules::limits::NOTE_CHANGE_BYTES))))]
    pub changes: Vec<String>,
}

/// The note was edited.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct NoteEdited {
    /// The note.
    pub note_id: Id<Note>,
    /// How many of the changes were not there yet.
    pub fresh: usize,
}

impl Mutation for EditNote {
    const NAME: &'static str = "note/v1/edit";
    const SUMMARY: &'static str = "Adds changes to a note's text.";
    type Output = NoteEdited;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.job_id), RowKey::of(self.note_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<NoteEdited, Stop> {
        let incoming = self.decoded()?;
        let occurred_at = clock::acted_at(ctx);
        let job = notable_job(ctx, work, self.job_id)?;
        let mut note: Note = work.require(self.note_id)?;
        if note.job_id != job.id {
            return Err(Rejection::bad_request("note.other_job", "This note belongs to another job.").into());
        }
        let existing: Vec<NoteChange> = work.find(NoteChange::BY_NOTE, vec![note.id.into()])?;
        if existing.len() + incoming.len() > NOTE_CHANGES {
            let message = "This note has been edited too often. Please start a new one.";
            return Err(Rejection::conflict("note.full", message).into());
        }
        let existing: Vec<&[u8]> = existing.iter().map(|change| change.change.as_slice()).collect();
        let accepted = notes::accept(&existing, &incoming).map_err(Rejection::from)?;
        let fresh = accepted.fresh.len();
        for (hash, change) in accepted.fresh {
            work.insert(&NoteChange {
                id: notes::change_id(note.id, hash),
                rev: UNSAVED,
                job_id: job.id,
                branch_id: job.branch_id,
                note_id: note.id,
                change,
                user_id: ctx.user_id,
                occurred_at,
            })?;
        }
        if note.text != accepted.text {
            note.text = accepted.text;
            work.update(&note)?;
        }
        Ok(NoteEdited { note_id: self.note_id, fresh })
    }
}

impl EditNote {
    fn decoded(&self) -> Result<Vec<Vec<u8>>, Rejection> {
        if self.changes.is_empty() {
            return Err(Rejection::bad_request("note.nothing_to_change", "This edit contains no change."));
        }
        if self.changes.len() > NOTE_CHANGES_PER_EDIT {
            return Err(NoteError::TooLarge.into());
        }
        let decoded = self.changes.iter().map(|change| notes::from_arg(change));
        decoded.collect::<Option<_>>().ok_or_else(|| NoteError::Malformed.into())
    }
}
