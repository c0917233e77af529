//! The audit log.

mod flagged;
mod list;

pub use flagged::AuditFlagged;
pub use list::{AuditEntry, AuditList, AuditPage};
