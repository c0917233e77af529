//! Where a replica stands, as the opaque text a phone keeps.
//!
//! Invariants:
//! - A cursor is only a claim: nothing a phone writes into one shows it a row it may not see, because row-level
//!   security decides that when rows are read.
//! - It is short: about 80 characters, and some ten more per transaction that was running.

use satchel_protocol::wire;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub use super::bytes::Malformed;
use super::{
    Snapshot,
    bytes::{Reader, Writer},
};

/// Characters of a cursor.
pub const CURSOR_CHARS: usize = 32 * 1024;
/// Bytes of the digest of a set of scopes.
pub const DIGEST_BYTES: usize = 16;

const VERSION: u8 = 1;

/// Which history of the database a snapshot belongs to. Transaction numbers of another history mean nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History {
    /// Hash of system identifier, timeline, database and restore marker.
    pub identity: u64,
    /// Hash of the postmaster's start. A crash reuses the numbers of transactions whose work was not yet on disk, so a
    /// snapshot from before a restart may take new work for seen.
    pub started: u64,
}

impl History {
    /// Hashes the parts Postgres names.
    pub fn of(identity: &str, started: &str) -> Self {
        Self { identity: short_hash(identity), started: short_hash(started) }
    }
}

/// The first eight bytes of a text's SHA-256.
pub fn short_hash(text: &str) -> u64 {
    let hash = Sha256::digest(text);
    hash[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// A place in the history of changes, for one caller and one set of scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The history it belongs to.
    pub history: History,
    /// What had been committed.
    pub snapshot: Snapshot,
    /// Hash of what the caller's rights followed from.
    pub fingerprint: u64,
    /// Digest of the scopes the replica held.
    pub scopes: [u8; DIGEST_BYTES],
}

impl Cursor {
    /// The text for the wire.
    pub fn encode(&self) -> wire::Cursor {
        let mut writer = Writer::default();
        self.write(&mut writer);
        wire::Cursor(writer.finish())
    }

    /// Reads a cursor.
    ///
    /// # Errors
    /// [`Malformed`] for anything [`encode`](Self::encode) does not write.
    pub fn decode(cursor: &wire::Cursor) -> Result<Self, Malformed> {
        let mut reader = Reader::new(&cursor.0, CURSOR_CHARS)?;
        let cursor = Self::read(&mut reader)?;
        reader.end()?;
        Ok(cursor)
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.byte(VERSION);
        writer.fixed(&self.history.identity.to_be_bytes());
        writer.fixed(&self.history.started.to_be_bytes());
        self.snapshot.write(writer);
        writer.fixed(&self.fingerprint.to_be_bytes());
        writer.fixed(&self.scopes);
    }

    pub(crate) fn read(reader: &mut Reader) -> Result<Self, Malformed> {
        if reader.byte()? != VERSION {
            return Err(Malformed);
        }
        Ok(Self {
            history: History {
                identity: u64::from_be_bytes(reader.fixed()?),
                started: u64::from_be_bytes(reader.fixed()?),
            },
            snapshot: Snapshot::read(reader)?,
            fingerprint: u64::from_be_bytes(reader.fixed()?),
            scopes: reader.fixed()?,
        })
    }

    /// The digest of its scopes as the wire spells it.
    pub fn scopes_text(&self) -> String {
        Uuid::from_bytes(self.scopes).simple().to_string()
    }
}

/// The digest of a set of scopes, from its spelling on the wire.
pub fn digest_from_text(text: &str) -> Option<[u8; DIGEST_BYTES]> {
    let plain = text.len() == 2 * DIGEST_BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| Uuid::try_parse(text).ok()).flatten().map(Uuid::into_bytes)
}

#[cfg(test)]
mod tests {
    use satchel_protocol::checksum::scopes_digest;

    use super::*;

    fn cursor() -> Cursor {
        Cursor {
            history: History::of("7312/1/16384", "2026-11-21 10:47:00"),
            snapshot: Snapshot {
                xmin: 4_000_000_001,
                xmax: 4_000_000_900,
                running: vec![4_000_000_001, 4_000_000_777],
            },
            fingerprint: short_hash("technician"),
            scopes: digest_from_text(&scopes_digest([Uuid::from_u128(7)])).unwrap(),
        }
    }

    #[test]
    fn a_cursor_comes_back_and_is_short() {
        let text = cursor().encode();
        assert_eq!(Cursor::decode(&text), Ok(cursor()));
        assert!(text.0.len() < 90, "{}", text.0.len());
        assert_eq!(cursor().scopes_text(), scopes_digest([Uuid::from_u128(7)]));
    }

    #[test]
    fn no_cut_extended_or_flipped_text_is_taken_for_another_cursor_of_the_same_place() {
        let text = cursor().encode().0;
        for length in 0..text.len() {
            assert_eq!(Cursor::decode(&wire::Cursor(text[..length].to_owned())), Err(Malformed));
        }
        for garbage in ["", "A", "null", "AAAA", "%%%%", &format!("{text}AA"), &"A".repeat(CURSOR_CHARS + 1)] {
            assert_eq!(Cursor::decode(&wire::Cursor(garbage.to_owned())), Err(Malformed));
        }
    }
}
