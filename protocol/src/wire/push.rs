//! `POST /api/v1/sync/push`: mutations in order, answered by verdicts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::Rejection;

/// Mutations of one device, in its order. All or none of the *batch's bookkeeping* is committed; each mutation has its
/// own verdict.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct PushRequest {
    /// The wire version the phone speaks.
    pub protocol: u32,
    /// The phone.
    pub device_id: Uuid,
    /// At most [`PUSH_MUTATIONS`](crate::limits::PUSH_MUTATIONS), `seq` rising by one.
    pub mutations: Vec<PushedMutation>,
}

/// One mutation as the phone stored it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PushedMutation {
    /// The phone's count, from 1, assigned before the first send. Below 2^53.
    pub seq: u64,
    /// The idempotency key.
    pub key: Uuid,
    /// The RPC path.
    pub name: String,
    /// The arguments, in the original bytes.
    #[schemars(with = "serde_json::Value")]
    pub args: Box<RawValue>,
    /// A [`ClientContext`](crate::context::ClientContext), in the original bytes.
    #[schemars(with = "serde_json::Value")]
    pub context: Box<RawValue>,
    /// The refused mutation this one was entered in place of, by its key. Not part of the content that the key stands
    /// for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<Uuid>,
}

/// The verdicts, in the order asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PushResponse {
    /// One per mutation.
    pub verdicts: Vec<Verdict>,
    /// The highest `seq` of this device the server has a verdict for.
    pub last_seq: u64,
}

/// The server's final word on a mutation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// The idempotency key.
    pub key: Uuid,
    /// The phone's count; 0 for a mutation that came by RPC.
    pub seq: u64,
    /// What was decided.
    pub outcome: Outcome,
}

/// What was decided. A repeat of the same mutation gets the same outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its effects are committed.
    Accepted {
        /// What the mutation returns.
        output: serde_json::Value,
    },
    /// A rule refused it; nothing changed.
    Rejected(Rejection),
    /// It failed five times for a fault of the server and waits for a supervisor; nothing changed.
    Quarantined {
        /// Finds the fault in the server's logs.
        trace_id: String,
    },
    /// It was processed so long ago that the verdict is no longer kept. It was not applied again.
    Expired,
}
