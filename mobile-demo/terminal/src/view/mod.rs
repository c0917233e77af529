//! What screens show, read from the replica at one moment.
//!
//! Each view has a `load` that reads it and plain fields that a test can fill by hand.

mod checklist;
mod day;
mod materials;
mod notes;
mod queue;
mod sync;
mod time;
mod visit;
mod who;

pub use checklist::{Answered, ChecklistView, Question};
pub use day::{DayView, VisitLine};
pub use materials::{Material, MaterialsView, Offer, SEARCH_ROWS, search};
pub use notes::NotesView;
pub use queue::{Refused, Waiting};
pub use sync::{Link, SyncView};
pub use time::{TimeLine, TimeView};
pub use visit::{VisitView, buttons};
pub use who::Who;

use satchel_client::{Reader, StoreError};
use satchel_domain::tables::{Job, Visit};
use satchel_protocol::Id;

/// A visit and its job: what every screen about a visit stands on.
#[derive(Clone, Debug)]
pub struct Place {
    /// The visit.
    pub visit: Visit,
    /// Its job.
    pub job: Job,
}

impl Place {
    /// Reads them; none once the job has left this phone.
    pub fn load(reader: &Reader, visit: Id<Visit>) -> Result<Option<Self>, StoreError> {
        let Some(visit) = reader.get(visit)? else { return Ok(None) };
        Ok(reader.get(visit.job_id)?.map(|job| Self { visit, job }))
    }
}
