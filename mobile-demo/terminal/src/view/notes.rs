//! The notes of a visit's job.

use satchel_client::{Reader, StoreError};
use satchel_domain::tables::{Note, Visit};
use satchel_protocol::Id;
use uuid::Uuid;

use super::Place;
use crate::picker::Item;

/// See the module.
#[derive(Clone, Debug)]
pub struct NotesView {
    /// The visit.
    pub place: Place,
    /// The notes, oldest first.
    pub notes: Vec<Note>,
}

impl Item for Note {
    fn key(&self) -> Uuid {
        self.id.uuid()
    }
}

impl NotesView {
    /// Reads them; none once the visit has left this phone.
    pub fn load(reader: &Reader, visit: Id<Visit>) -> Result<Option<Self>, StoreError> {
        let Some(place) = Place::load(reader, visit)? else { return Ok(None) };
        let notes = reader.find(Note::BY_JOB, &[place.job.id.into()])?;
        Ok(Some(Self { place, notes }))
    }
}
