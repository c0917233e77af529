//! The change every note starts from.

/// Where the text object hangs in the document.
pub(super) const TEXT_KEY: &str = "text";

/// Creates the text object: automerge 0.12, actor `satchel-genesis1`, time 0. Never to change: every stored note stands
/// on it.
pub const GENESIS: &[u8] = &[
    133, 111, 74, 131, 69, 85, 199, 189, 1, 47, 0, 16, 115, 97, 116, 99, 104, 101, 108, 45, 103, 101, 110, 101, 115,
    105, 115, 49, 1, 1, 0, 0, 0, 5, 21, 6, 52, 1, 66, 2, 86, 2, 112, 2, 127, 4, 116, 101, 120, 116, 1, 127, 4, 127, 0,
    127, 0,
];

#[cfg(test)]
mod tests {
    use automerge::{
        ActorId, Change, ObjType, ROOT,
        transaction::{CommitOptions, Transactable},
    };

    use super::*;
    use crate::notes::empty_document;

    #[test]
    fn todays_automerge_writes_the_same_genesis() {
        let mut document = empty_document();
        document.set_actor(ActorId::from(*b"satchel-genesis1"));
        document.put_object(ROOT, TEXT_KEY, ObjType::Text).unwrap();
        document.commit_with(CommitOptions::default().with_time(0)).unwrap();
        let written = document.get_last_local_change().unwrap();
        assert_eq!(written.raw_bytes(), GENESIS);
        assert_eq!(Change::from_bytes(GENESIS.to_vec()).unwrap().hash(), written.hash());
    }
}
