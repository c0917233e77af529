//! Notes that two people edit.

use satchel_domain::{mutations::EditNote, tables::Note};
use satchel_protocol::Id;
use uuid::Uuid;

use super::{Client, ClientError, Mutated};
use crate::notes::{self, NoteEditError};

impl Client {
    /// Turns a note into `text` and queues that as one change; none when it is that already. Call it once for each editing
    /// session or pause, not for each key.
    ///
    /// `base` is the text the person saw when editing began: what others wrote since then stays. Without it, the present
    /// text is meant.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the note is not on this phone or the text does not fit one, too.
    pub async fn edit_note(
        &self,
        note: Id<Note>,
        base: Option<String>,
        text: String,
    ) -> Result<Option<Mutated>, ClientError> {
        let edit = self.read(move |reader| Ok(notes::edit(reader, note, base.as_deref(), &text))).await??;
        match edit {
            Some(edit) => Ok(Some(self.mutate(&edit).await?)),
            None => Ok(None),
        }
    }

    /// A refused edit of a note, written anew where that is what it needs.
    pub(super) async fn edit_again(&self, key: Uuid) -> Result<Option<EditNote>, ClientError> {
        let attention = self.attention().await?;
        match self.read(move |reader| Ok(notes::again(reader, &attention, key))).await? {
            // The server decides on what has left this phone.
            Err(NoteEditError::Gone) => Ok(None),
            edit => Ok(edit?),
        }
    }
}
