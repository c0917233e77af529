//! Required documents: `document/v1/...`.

mod require;
mod satisfy;
mod waive;

pub use require::RequireDocument;
pub use satisfy::SatisfyDocument;
pub use waive::WaiveDocument;

use satchel_protocol::{Id, Rejection, Stop, Workspace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::tables::{DocumentState, Job, RequiredDocument};

/// How the document stands.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DocumentMoved {
    /// The document.
    pub document_id: Id<RequiredDocument>,
    /// Whether it is there.
    pub state: DocumentState,
}

/// The document, which must be of that job.
fn document_of(work: &mut Workspace, job: Id<Job>, id: Id<RequiredDocument>) -> Result<RequiredDocument, Stop> {
    let document: RequiredDocument = work.require(id)?;
    if document.job_id == job {
        return Ok(document);
    }
    Err(Rejection::bad_request("document.other_job", "This document belongs to another job.").into())
}
