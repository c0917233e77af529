//! Who runs a mutation, where and when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The circumstances a phone records with a mutation, stored and sent as the original bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ClientContext {
    /// When it happened: the phone's clock corrected by the measured server offset.
    pub occurred_at: Timestamp,
    /// The phone's clock as it stood.
    pub device_clock: Timestamp,
    /// Milliseconds since the device started, asleep or not, where the platform tells.
    #[serde(default)]
    pub monotonic_ms: Option<i64>,
    /// Whether the offset had been measured since the device started.
    #[serde(default)]
    pub clock_trusted: bool,
    /// Names the start of the device that `monotonic_ms` counts from: readings of two starts are not comparable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot_id: Option<Uuid>,
    /// Milliseconds by which the server's clock was ahead of the device's, when last measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_offset_ms: Option<i64>,
    /// How far `occurred_at` may be off, in milliseconds: half the round trip of the measurement, and what a clock drifts
    /// since. None where nothing was measured since the device started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncertainty_ms: Option<u32>,
}

impl ClientContext {
    /// What a device records whose clock is right and known to be.
    pub fn at(now: Timestamp) -> Self {
        Self {
            occurred_at: now,
            device_clock: now,
            monotonic_ms: None,
            clock_trusted: true,
            boot_id: None,
            server_offset_ms: None,
            uncertainty_ms: None,
        }
    }
}

/// Which side runs the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Optimistically, on a phone.
    Phone,
    /// Authoritatively, on the server.
    Server,
}

/// Everything a mutation may know besides its arguments and the rows.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The organization.
    pub org_id: Uuid,
    /// The author.
    pub user_id: Uuid,
    /// The author's technician row, if the author is one.
    pub technician_id: Option<Uuid>,
    /// The author's roles in the organization.
    pub roles: Vec<String>,
    /// The mutation's idempotency key.
    pub key: Uuid,
    /// When it happened, by the phone's corrected clock. Never used to order writes.
    pub occurred_at: Timestamp,
    /// The phone's clock as it stood; none for what came without a phone. Kept beside `occurred_at` where somebody is
    /// paid by it.
    pub device_clock: Option<Timestamp>,
    /// Which side runs the rule.
    pub side: Side,
}

impl Ctx {
    /// Whether the author has one of these roles.
    pub fn has_role(&self, roles: &[&str]) -> bool {
        self.roles.iter().any(|role| roles.contains(&role.as_str()))
    }

    /// An id for a row the mutation creates on the side, the same on phone and server: the key's time, and bits
    /// hashed from key and label.
    pub fn derive_id<T>(&self, label: &str) -> crate::Id<T> {
        let hash = Sha256::new().chain_update(self.key.as_bytes()).chain_update(label.as_bytes()).finalize();
        let mut bytes = *self.key.as_bytes();
        bytes[6..].copy_from_slice(&hash[..10]);
        crate::Id::new(uuid::Builder::from_bytes(bytes).with_version(uuid::Version::SortRand).into_uuid())
    }
}
