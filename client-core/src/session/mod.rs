//! Who is signed in, and the tokens that prove it.
//!
//! Invariants:
//! - A refresh token is shown to the server by one exchange at a time, and its successor is stored before it is used.
//! - Tokens appear in no log, no error and no `Debug`.
//! - A session the server ended still names its user and organization, so that replica and queue can be opened and
//!   looked at; only a sign-out forgets them. Neither touches the queue (P1).

mod keeper;
mod token_store;

pub use keeper::SignInError;
pub(crate) use keeper::{Keeper, Noted};
pub use token_store::{FileTokenStore, MemoryTokenStore, TokenStore, TokenStoreError};

use satchel_protocol::wire::auth::Membership;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{clock::Anchor, engine::Ended, store::Identity};

/// A session as it is kept between runs.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredSession {
    /// Who signed in.
    pub user_id: Uuid,
    /// Where they act.
    pub membership: Membership,
    /// Proof, until the server takes it back.
    pub tokens: Option<Tokens>,
    /// Why there is none any more, if somebody else took it back.
    #[serde(default)]
    pub ended: Option<Ended>,
    /// Milliseconds the server's clock was ahead of this device's, when last measured.
    #[serde(default)]
    pub server_offset_ms: i64,
    /// The last comparison of the clocks, which holds until the device is restarted.
    #[serde(default)]
    pub anchor: Option<Anchor>,
    /// When everything the server had was here, by its clock; milliseconds since 1970.
    #[serde(default)]
    pub last_synced_ms: Option<i64>,
}

/// Secrets.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    /// Bearer token for every call.
    pub access: String,
    /// When it expires by this device's clock, about; milliseconds since 1970.
    pub access_expires_ms: i64,
    /// Exchanged for new ones.
    pub refresh: String,
}

impl StoredSession {
    /// Whose replica it opens.
    pub fn identity(&self) -> Identity {
        Identity {
            org_id: self.membership.org_id,
            user_id: self.user_id,
            technician_id: self.membership.technician_id,
            roles: self.membership.roles.clone(),
        }
    }
}

impl std::fmt::Debug for StoredSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredSession")
            .field("user_id", &self.user_id)
            .field("org_id", &self.membership.org_id)
            .field("tokens", &self.tokens)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(..)")
    }
}
