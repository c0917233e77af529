//! `note/v1/create`.

use satchel_protocol::{Ctx, Id, Mutation, RowKey, Stop, Workspace, record::UNSAVED};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::notable_job;
use crate::{
    rules::{limits, text},
    tables::{Job, Note},
};

/// Starts an empty note on a job; `note/v1/edit` fills it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateNote {
    /// The job.
    pub job_id: Id<Job>,
    /// Id of the new note, made by the caller.
    pub note_id: Id<Note>,
    /// One line; at most 200 characters.
    #[schemars(length(max = limits::TITLE_CHARS))]
    pub title: String,
}

/// The note was started.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct NoteCreated {
    /// The new note.
    pub note_id: Id<Note>,
}

impl Mutation for CreateNote {
    const NAME: &'static str = "note/v1/create";
    const SUMMARY: &'static str = "Starts a note on a job.";
    type Output = NoteCreated;

    fn roots(&self) -> Vec<RowKey> {
        vec![RowKey::of(self.job_id)]
    }

    fn apply(&self, ctx: &Ctx, work: &mut Workspace) -> Result<NoteCreated, Stop> {
        let title = text::required("note.title", "a title", &self.title, limits::TITLE_CHARS)?;
        let job = notable_job(ctx, work, self.job_id)?;
        work.insert(&Note {
            id: self.note_id,
            rev: UNSAVED,
            job_id: job.id,
            branch_id: job.branch_id,
            title,
            text: String::new(),
        })?;
        Ok(NoteCreated { note_id: self.note_id })
    }
}
