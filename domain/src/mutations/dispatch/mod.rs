//! The dispatcher's board: `dispatch/v1/...`. Server-only, because a phone does not hold other technicians' plans.

mod assign_tech;
mod reschedule;
mod unassign_tech;

pub use assign_tech::{AssignTech, TechAssigned};
pub use reschedule::{Reschedule, Rescheduled};
pub use unassign_tech::{TechUnassigned, UnassignTech};
