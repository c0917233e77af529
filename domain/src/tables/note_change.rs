//! One edit of a note.

use jiff::Timestamp;
use satchel_protocol::{Id, record};
use uuid::Uuid;

use super::{Branch, Job, Note};

record! {
    /// An automerge change of a [`Note`]. Append-only; the id is derived from the change's hash.
    pub struct NoteChange in "note_change" {
        /// The job.
        pub job_id: Id<Job>,
        /// The job's branch.
        pub branch_id: Id<Branch>,
        /// The note.
        pub note_id: Id<Note>,
        /// The encoded change.
        pub change: Vec<u8>,
        /// Who edited.
        pub user_id: Uuid,
        /// When, by the author's corrected clock.
        pub occurred_at: Timestamp,
    }
    scope: "job_id";
    index BY_NOTE = "note_change.by_note" on ["note_id"];
}
