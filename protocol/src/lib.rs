//! What phone and server agree on: wire messages, rows and their registry, and the mutation contract.
//!
//! Invariants:
//! - This crate does no I/O, reads no clock and draws no randomness; the same input gives the same result on
//!   a phone and on a server (P10).
//! - Nothing here knows a trade. Tables and mutations are described by a [`Registry`] that another crate fills.
//! - A change of any message in [`wire`] changes the golden files under `protocol/tests/golden`, and with them
//!   [`PROTOCOL_VERSION`].
//!
//! Reading order: [`cell`] → [`table`] → [`workspace`] → [`mutation`] → [`earlier`] → [`query`] → [`registry`] →
//! [`wire`].

pub mod cell;
pub mod checksum;
pub mod context;
pub mod earlier;
pub mod error;
pub mod field;
pub mod id;
pub mod inbox;
pub mod limits;
pub mod mutation;
pub mod page;
pub mod policy;
pub mod query;
pub mod record;
pub mod registry;
pub mod rejection;
pub mod table;
pub mod text_bounds;
pub mod time;
pub mod wire;
pub mod workspace;

pub use cell::{Cell, Row};
pub use context::Ctx;
pub use earlier::Earlier;
pub use error::{ErrorBody, ErrorCode, ErrorEnvelope, Retry};
pub use field::{Field, ShapeError};
pub use id::Id;
pub use mutation::{AnyMutation, Mutation, MutationKind, ToSchema};
pub use page::{After, Limit};
pub use policy::{Permissions, PolicyFile};
pub use query::{Query, QueryKind};
pub use record::Record;
pub use registry::Registry;
pub use rejection::Rejection;
pub use table::{Column, Index, Kind, Table};
pub use text_bounds::TextBounds;
pub use workspace::{Load, RowKey, Stop, Workspace};

/// The wire version this build speaks.
pub const PROTOCOL_VERSION: u32 = 1;

/// The oldest wire version a server of this build still answers; older clients get `UPGRADE_REQUIRED`.
pub const PROTOCOL_VERSION_FLOOR: u32 = 1;
