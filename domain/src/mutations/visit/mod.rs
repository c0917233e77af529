//! Visits: `visit/v1/...`.

mod create;
mod endings;
mod planned;
mod steps;

pub use create::{CreateVisit, VisitCreated};
pub use endings::{CannotCompleteVisit, CompleteVisit, CompleteVisitPartially};
pub use planned::{CancelVisit, DispatchVisit};
pub use steps::{AcceptVisit, ArriveAtVisit, DeclineVisit, PauseVisit, ResumeVisit, TravelToVisit};

use satchel_protocol::Rejection;

use crate::rules::{limits, text};

/// A reason that may be left out.
fn reason(given: Option<&str>) -> Result<Option<String>, Rejection> {
    text::optional("visit.reason", "the reason", given, limits::REASON_CHARS)
}

/// A reason that must be given.
fn required_reason(given: &str) -> Result<Option<String>, Rejection> {
    text::required("visit.reason", "a reason", given, limits::REASON_CHARS).map(Some)
}
