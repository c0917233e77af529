//! Older names of a mutation, which may wait on phones when the newer takes their place.
//!
//! Invariants:
//! - A name is never given up: what was queued under it is decoded by every later build, on phone and server.
//! - Name, bytes and content hash of what was queued stay as they were; only the rule is the newer one's.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::{
    AnyMutation, Mutation, MutationKind, ShapeError, TextBounds,
    mutation::{Sent, parse, schema_of},
};

/// The arguments a mutation had under an older name. It costs a struct, a line in the registry beside the newer one's,
/// and keeps its policy line.
pub trait Earlier: DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// The older RPC path.
    const NAME: &'static str;
    /// What it is now: the newest, not the next.
    type Now: Mutation;

    /// The same intent as it is stated now.
    fn upcast(self) -> Self::Now;
}

impl MutationKind {
    /// The entry for an older name.
    pub const fn earlier<E: Earlier>() -> Self {
        Self {
            name: E::NAME,
            decode: decode::<E>,
            text_bounds: TextBounds::of::<E>,
            args_schema: schema_of::<E>(),
            ..Self::of::<E::Now>()
        }
    }
}

fn decode<E: Earlier>(args: &str) -> Result<Box<dyn AnyMutation>, ShapeError> {
    let earlier: E = parse(E::NAME, args)?;
    Ok(Box::new(Sent { mutation: earlier.upcast(), too_long: TextBounds::of::<E>().exceeded(args) }))
}
