//! The dispatch board.

mod day;

pub use day::{Board, BoardDay, Lane, LaneVisit, UNSCHEDULED_MAX, UnassignedVisit, UnscheduledJob, VISITS_MAX};
