//! The audit log.

mod list;

pub use list::{AuditEntry, AuditList, AuditPage};
