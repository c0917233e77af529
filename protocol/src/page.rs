//! Pages of a query's answer, by keyset: stable while rows are inserted before and behind.

use std::{borrow::Cow, fmt::Write as _, marker::PhantomData};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, de::Error as _};

/// Rows of a page when the caller does not say.
pub const PAGE_ROWS_USUAL: u32 = 50;
/// Rows of the longest page.
pub const PAGE_ROWS_MAX: u32 = 200;
/// Bytes of the longest [`After`].
pub const AFTER_BYTES: usize = 512;

/// How many rows a page may have: 1 to [`PAGE_ROWS_MAX`], [`PAGE_ROWS_USUAL`] when left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u32);

impl Default for Limit {
    fn default() -> Self {
        Self(PAGE_ROWS_USUAL)
    }
}

impl Limit {
    /// That many rows, if it is within bounds.
    pub fn new(rows: u32) -> Option<Self> {
        (1..=PAGE_ROWS_MAX).contains(&rows).then_some(Self(rows))
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(u32::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("a page's limit out of bounds"))
    }
}

impl JsonSchema for Limit {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Limit".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": PAGE_ROWS_MAX, "default": PAGE_ROWS_USUAL })
    }
}

/// Where the page before ended: its `next`, opaque to clients. Within, the key of its last row as JSON in hexadecimal,
/// as `satchel.page_token` writes and `satchel.page_key` reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After<K> {
    token: String,
    key: PhantomData<fn() -> K>,
}

impl<K: Serialize> After<K> {
    /// The token for a key.
    ///
    /// # Errors
    /// When the key is not JSON.
    pub fn key(key: &K) -> serde_json::Result<Self> {
        let json = serde_json::to_vec(key)?;
        let token = json.iter().fold(String::new(), |mut token, byte| {
            let _ = write!(token, "{byte:02x}");
            token
        });
        Ok(Self { token, key: PhantomData })
    }
}

impl<K> Serialize for After<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.token.serialize(serializer)
    }
}

impl<'de, K: DeserializeOwned> Deserialize<'de> for After<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let token = String::deserialize(deserializer)?;
        let foreign = || D::Error::custom("no token that this query gave out");
        if token.len() > AFTER_BYTES {
            return Err(foreign());
        }
        let digits = token.as_bytes().chunks(2);
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let json = digits.map(byte).collect::<Option<Vec<u8>>>().ok_or_else(foreign)?;
        serde_json::from_slice::<K>(&json).map_err(|_| foreign())?;
        Ok(Self { token, key: PhantomData })
    }
}

impl<K> JsonSchema for After<K> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "After".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "The `next` of the page before, unchanged.",
            "maxLength": AFTER_BYTES,
            "pattern": "^([0-9a-f]{2})*$"
        })
    }
}
