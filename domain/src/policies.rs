//! Who may call what, as data: one file per resource in `domain/policies`, in the language of Cedar.
//!
//! Invariants:
//! - Which role may call a procedure stands in these files and nowhere else. On which rows, the rules say; under both
//!   stands row-level security.
//! - What no file permits is forbidden.
//!
//! `docs/guides/roles-and-policy.md` shows how to read and change one.

use satchel_protocol::PolicyFile;

/// Lists files by the resource they are about. Called with braces, because formatting leaves those one to a line.
macro_rules! files {
    ($($resource:literal),+ $(,)?) => {
        &[$(PolicyFile {
            resource: $resource,
            text: include_str!(concat!("../policies/", $resource, ".cedar")),
        }),+]
    };
}

/// Every file.
pub static ALL: &[PolicyFile] = files! {
    "audit",
    "board",
    "branch",
    "checklist",
    "checklistTemplate",
    "contact",
    "contract",
    "credential",
    "customer",
    "dispatch",
    "document",
    "equipment",
    "estimate",
    "inbox",
    "invoice",
    "job",
    "location",
    "maintenance",
    "material",
    "note",
    "organization",
    "payment",
    "pricebook",
    "signature",
    "skill",
    "stock",
    "stockLocation",
    "technician",
    "territory",
    "time",
    "visit",
};
