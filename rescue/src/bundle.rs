//! What a bundle holds.

use jiff::Timestamp;
use satchel_protocol::limits::ARGS_BYTES;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::RescueError;

/// The shape of bundles this build writes; it reads all up to this one.
pub const FORMAT: u32 = 1;
/// Mutations in one bundle.
pub const BUNDLE_MUTATIONS: usize = 100_000;

/// The work of one user in one organization that one phone had not got rid of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bundle {
    /// [`FORMAT`] when it was made.
    pub format: u32,
    /// The organization.
    pub org_id: Uuid,
    /// The author of all of it.
    pub user_id: Uuid,
    /// The phone it comes from.
    pub device_id: Uuid,
    /// When it was made, by that phone's clock.
    pub made_at: Timestamp,
    /// What was queued or needs attention, in the phone's order.
    pub mutations: Vec<RescuedMutation>,
}

/// One mutation as the phone stored it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RescuedMutation {
    /// The idempotency key.
    pub key: Uuid,
    /// The RPC path.
    pub name: String,
    /// The arguments, in the original bytes.
    pub args: Box<RawValue>,
    /// The circumstances, in the original bytes.
    pub context: Box<RawValue>,
    /// The refused mutation it was entered in place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<Uuid>,
}

impl Bundle {
    /// Refuses what no phone of ours writes.
    pub(crate) fn check(self) -> Result<Self, RescueError> {
        if self.format > FORMAT {
            return Err(RescueError::Newer { found: self.format, known: FORMAT });
        }
        let fits = |mutation: &RescuedMutation| !mutation.key.is_nil() && mutation.args.get().len() <= ARGS_BYTES;
        if self.mutations.len() > BUNDLE_MUTATIONS || !self.mutations.iter().all(fits) {
            return Err(RescueError::Damaged);
        }
        Ok(self)
    }
}
