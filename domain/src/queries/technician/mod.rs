//! Technicians.

mod list;

pub use list::{CurrentVisit, DeviceStatus, ListTechnicians, TechnicianPage, TechnicianState, TechnicianStatus};
