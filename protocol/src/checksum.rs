//! Order-independent checksums of what a replica holds (P5).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Count and sum of `rev` modulo 2^64 over a set of rows. Every write gets a fresh `rev`, so equal sums mean equal
/// rows but for an unlucky collision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Checksum {
    /// How many rows.
    pub count: u64,
    /// Sum of `rev`, wrapping; a JSON string.
    #[serde(with = "text")]
    #[schemars(with = "String")]
    pub sum: u64,
}

impl Checksum {
    /// Adds a row.
    pub fn add(&mut self, rev: i64) {
        self.count = self.count.wrapping_add(1);
        self.sum = self.sum.wrapping_add(rev.cast_unsigned());
    }

    /// Takes a row away.
    pub fn remove(&mut self, rev: i64) {
        self.count = self.count.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(rev.cast_unsigned());
    }

    /// What there is to add to `other` to get this.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self { count: self.count.wrapping_sub(other.count), sum: self.sum.wrapping_sub(other.sum) }
    }

    /// Adds all rows of another checksum.
    pub fn merge(&mut self, other: Self) {
        self.count = self.count.wrapping_add(other.count);
        self.sum = self.sum.wrapping_add(other.sum);
    }
}

/// Ranges that a scope's rows of one table fall into, where there are so many that a difference is looked for by range.
pub const RANGES: usize = 256;

/// The range of a row: the last byte of its id, because ids made at one time begin alike.
pub fn range_of(id: Uuid) -> u8 {
    id.as_bytes()[15]
}

/// The 16-byte digest of a set of held scopes, in hex: the first half of SHA-256 over the sorted ids.
pub fn scopes_digest(scopes: impl IntoIterator<Item = Uuid>) -> String {
    let mut ids: Vec<Uuid> = scopes.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut hash = Sha256::new();
    for id in ids {
        hash.update(id.as_bytes());
    }
    hex(&hash.finalize()[..16])
}

/// The 8-byte digest, in hex, of the cursor or mark that a page goes on from: the beginning of SHA-256 over its text.
pub fn place_digest(place: &str) -> String {
    hex(&Sha256::digest(place)[..8])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(sum: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(sum)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        std::borrow::Cow::<str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
