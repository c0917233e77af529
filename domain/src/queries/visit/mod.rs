//! Visits.

mod list;

pub use list::{ListVisits, VisitLine, VisitPage};
