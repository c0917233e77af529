//! What the author of a change is told.

use satchel_protocol::Rejection;

use super::NoteError;
use crate::rules::limits::NOTE_TEXT_BYTES;

impl From<NoteError> for Rejection {
    fn from(error: NoteError) -> Self {
        match error {
            NoteError::Malformed => {
                Self::bad_request("note.malformed", "This edit cannot be read. Please enter it again.")
            }
            NoteError::TooLarge => {
                Self::bad_request("note.change_too_large", "This edit is too large. Please save in smaller steps.")
            }
            NoteError::MissingPredecessor => Self::conflict(
                "note.rebase",
                "This edit builds on one the office does not have. It has to be applied to the present text again.",
            ),
            NoteError::TextTooLong => {
                let kilobytes = NOTE_TEXT_BYTES / 1024;
                let message = format!("A note can hold at most {kilobytes} kB of text. Please start a new one.");
                Self::conflict("note.text_too_long", message)
            }
            NoteError::Nul => Self::bad_request(
                "note.text_nul",
                "There is a character in this text that cannot be stored. Please remove it.",
            ),
        }
    }
}
