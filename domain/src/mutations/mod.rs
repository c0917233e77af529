//! What people do, one file per intent or family of intents.

use satchel_protocol::MutationKind;

/// Every mutation.
pub static ALL: &[MutationKind] = &[];
