//! Maintenance contracts.

mod due;

pub use due::{ContractsDue, DuePage, OwedVisit};
