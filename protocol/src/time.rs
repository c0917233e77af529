//! The one spelling of an instant.

use std::borrow::Cow;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Spells an instant as UTC with six decimals and `Z`, so that text order is time order and equal instants are
/// equal text: `2026-11-21T10:47:00.000000Z`.
pub fn canonical(instant: Timestamp) -> String {
    // Postgres keeps microseconds; anything finer would not survive the round trip.
    let micros = Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant);
    format!("{micros:.6}")
}

/// An instant that is spelled as [`canonical`] does, in JSON too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&canonical(self.0))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Timestamp::deserialize(deserializer).map(Self)
    }
}

impl JsonSchema for Instant {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Instant".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Timestamp::json_schema(generator)
    }
}
