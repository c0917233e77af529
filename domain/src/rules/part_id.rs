//! Ids that follow from what a row is about, so that everybody who makes the row makes the same one.
//!
//! Invariant: Postgres computes the same with `satchel.part_id`; a test compares them.

use satchel_protocol::Id;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The id of the row that is `part` of `parent`: the parent's time, and bits hashed from both.
pub fn of<P, T>(parent: Id<P>, part: &[u8]) -> Id<T> {
    let hash = Sha256::new().chain_update(parent.uuid().as_bytes()).chain_update(part).finalize();
    let mut bytes = *parent.uuid().as_bytes();
    bytes[6..].copy_from_slice(&hash[..10]);
    // Version 7 and the usual variant.
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    Id::new(Uuid::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_one_id_and_other_parts_have_others() {
        let parent: Id<()> = Id::new(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001));
        let part: Id<()> = of(parent, b"filter");
        assert_eq!(part, of(parent, b"filter"));
        assert_ne!(part, of(parent, b"fuse"));
        assert_eq!(part.uuid().get_version_num(), 7);
        assert_eq!(part.uuid().get_variant(), uuid::Variant::RFC4122);
        assert_eq!(part.uuid().as_bytes()[..6], parent.uuid().as_bytes()[..6]);
    }
}
