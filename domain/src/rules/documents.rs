//! What must be there before a visit is complete.

use satchel_protocol::{Id, Rejection, Stop, Workspace};

use super::state_machine::{Move, StateMachine};
use crate::tables::{DocumentState, Job, RequiredDocument, Visit};

/// Every allowed move: from, what happens, to. What is satisfied can be satisfied anew, by a better photo.
pub static TRANSITIONS: &[(DocumentState, &str, DocumentState)] = &[
    (DocumentState::Open, "satisfied", DocumentState::Satisfied),
    (DocumentState::Open, "waived", DocumentState::Waived),
    (DocumentState::Satisfied, "satisfied anew", DocumentState::Satisfied),
];

/// For the documentation.
pub const MACHINE: StateMachine = StateMachine {
    table: "required_document",
    about: "The office asks for a document. Whoever is on the visit satisfies it; the office may do without. While it \
            is open and required, its visit cannot be completed.",
    states: || DocumentState::ALL.iter().map(ToString::to_string).collect(),
    moves: || TRANSITIONS.iter().map(|(from, when, to)| Move::new(from, when, to)).collect(),
};

/// Whether a document may go from one state to another.
pub fn allowed(from: &DocumentState, to: &DocumentState) -> bool {
    TRANSITIONS.iter().any(|(before, _, after)| before == from && after == to)
}

/// Whether the document concerns the visit: its own, or one that any visit may bring.
pub fn concerns(document: &RequiredDocument, visit: Id<Visit>) -> bool {
    document.visit_id.is_none_or(|own| own == visit)
}

/// Refuses with `visit.documents_open`, naming them, while required documents of the visit are open.
pub fn require_settled(work: &mut Workspace, job: Id<Job>, visit: Id<Visit>) -> Result<(), Stop> {
    let documents: Vec<RequiredDocument> = work.find(RequiredDocument::BY_JOB, vec![job.into()])?;
    // A state from a newer server may be one that blocks nothing; the server will tell.
    let open = |document: &&RequiredDocument| {
        document.required && document.state == DocumentState::Open && concerns(document, visit)
    };
    let open: Vec<&str> = documents.iter().filter(open).map(|document| document.title.as_str()).collect();
    if open.is_empty() {
        return Ok(());
    }
    let message =
        format!("This is still missing: {}. Please add it, or ask the office to do without.", open.join("; "));
    Err(Rejection::conflict("visit.documents_open", message).into())
}
