//! Two people, one note.

use automerge::{
    ActorId, AutoCommit, ObjType, ROOT, ScalarValue,
    transaction::{CommitOptions, Transactable},
};

use super::*;
use crate::rules::limits::{NOTE_CHANGE_BYTES, NOTE_TEXT_BYTES};

fn edited(existing: &[Vec<u8>], text: &str, actor: u8) -> Vec<Vec<u8>> {
    let mut changes = existing.to_vec();
    changes.extend(edit(existing, text, [actor; 16]).unwrap().changes);
    changes
}

/// A change made by hand, as somebody with another program could.
fn forged(existing: &[Vec<u8>], work: impl FnOnce(&mut AutoCommit, &automerge::ObjId)) -> Vec<u8> {
    let mut history = History::of(existing).unwrap();
    history.document.set_actor(ActorId::from([99; 16]));
    work(&mut history.document, &history.text);
    history.document.commit_with(CommitOptions::default());
    history.document.get_last_local_change().unwrap().raw_bytes().to_vec()
}

#[test]
fn an_edit_is_one_change_and_the_same_everywhere() {
    let first = edit::<Vec<u8>>(&[], "Boiler leaks — café", [1; 16]).unwrap();
    assert_eq!(first, edit::<Vec<u8>>(&[], "Boiler leaks — café", [1; 16]).unwrap());
    assert_eq!(first.changes.len(), 1);
    assert_eq!(materialise(&first.changes).unwrap(), "Boiler leaks — café");
    assert!(edit(&first.changes, "Boiler leaks — café", [2; 16]).unwrap().changes.is_empty(), "nothing changed");
    assert_eq!(materialise::<Vec<u8>>(&[]).unwrap(), "");
}

#[test]
fn edits_made_apart_merge_in_any_order() {
    let base = edited(&[], "Check the valve.", 1);
    let office = edit(&base, "Check the valve. Gate code 12.", [2; 16]).unwrap().changes;
    let phone = edit(&base, "Check the red valve.", [3; 16]).unwrap().changes;
    let one = [base.clone(), office.clone(), phone.clone()].concat();
    let other = [phone, office, base].concat();
    assert_eq!(materialise(&one).unwrap(), "Check the red valve. Gate code 12.");
    assert_eq!(materialise(&other).unwrap(), "Check the red valve. Gate code 12.");
}

#[test]
fn both_first_edits_stay() {
    let office = edit::<Vec<u8>>(&[], "office", [1; 16]).unwrap().changes;
    let phone = edit::<Vec<u8>>(&[], "phone", [2; 16]).unwrap().changes;
    let text = materialise(&[office, phone].concat()).unwrap();
    assert!(text.contains("office") && text.contains("phone"), "{text}");
}

#[test]
fn a_change_sent_twice_is_no_fault() {
    let base = edited(&[], "one", 1);
    let accepted = accept(&base, &base).unwrap();
    assert!(accepted.fresh.is_empty());
    assert_eq!(accepted.text, "one");
}

#[test]
fn a_missing_predecessor_asks_for_a_rebase_that_keeps_both() {
    let base = edited(&[], "Check the valve.", 1);
    let lost = edited(&base, "Check the valve twice.", 2);
    let rejected = edit(&lost, "Check the valve twice, then call.", [3; 16]).unwrap();
    let current = edited(&base, "Gate code 12. Check the valve.", 4);
    assert_eq!(accept(&current, &rejected.changes).unwrap_err(), NoteError::MissingPredecessor);
    let again = rebase("Check the valve twice.", "Check the valve twice, then call.", &current, [5; 16]).unwrap();
    let text = accept(&current, &again.changes).unwrap().text;
    assert_eq!(text, "Gate code 12. Check the valve, then call.");
}

#[test]
fn an_actor_used_twice_asks_for_a_rebase() {
    let base = edited(&[], "base", 1);
    let one = edited(&base, "base one", 2);
    let clone = edit(&base, "base two", [2; 16]).unwrap();
    assert_eq!(accept(&one, &clone.changes).unwrap_err(), NoteError::MissingPredecessor);
}

#[test]
fn only_the_text_may_be_touched() {
    let base = edited(&[], "base", 1);
    let forgeries = [
        forged(&base, |document, _| document.put(ROOT, "text", "mine").unwrap()),
        forged(&base, |document, _| drop(document.put_object(ROOT, "text", ObjType::Text).unwrap())),
        forged(&base, |document, _| document.delete(ROOT, "text").unwrap()),
        forged(&base, |document, text| drop(document.insert_object(text, 0, ObjType::Map).unwrap())),
        forged(&base, |document, text| document.insert(text, 0, ScalarValue::counter(1)).unwrap()),
        forged(&base, |document, text| {
            let mark = automerge::marks::Mark::new("bold".to_owned(), true, 0, 2);
            document.mark(text, mark, automerge::marks::ExpandMark::None).unwrap();
        }),
    ];
    for forgery in forgeries {
        assert_eq!(accept(&base, &[forgery]).unwrap_err(), NoteError::Malformed);
    }
    let honest = forged(&base, |document, text| document.splice_text(text, 0, 1, "B").unwrap());
    assert_eq!(accept(&base, &[honest]).unwrap().text, "Base");
}

#[test]
fn damaged_bytes_are_refused_without_harm() {
    let base = edited(&[], "Check the valve — twice.", 1);
    let change = edit(&base, "Check the red valve — once more.", [2; 16]).unwrap().changes.remove(0);
    for position in 0..change.len() {
        for bit in 0..8 {
            let mut damaged = change.clone();
            damaged[position] ^= 1 << bit;
            assert!(accept(&base, &[damaged]).is_err(), "byte {position}, bit {bit}");
        }
        assert!(accept(&base, &[&change[..position]]).is_err(), "cut at {position}");
    }
    assert_eq!(accept(&base, &[GENESIS]).map(|accepted| accepted.fresh.len()), Ok(0));
    assert_eq!(accept(&base, &[vec![0; NOTE_CHANGE_BYTES + 1]]).unwrap_err(), NoteError::TooLarge);
}

#[test]
fn texts_are_bounded() {
    let long = "é".repeat(NOTE_TEXT_BYTES / 2);
    assert_eq!(edit::<Vec<u8>>(&[], "a\0b", [1; 16]).unwrap_err(), NoteError::Nul);
    assert_eq!(edit::<Vec<u8>>(&[], &format!("{long}a"), [1; 16]).unwrap_err(), NoteError::TextTooLong);
    let halves = ["a".repeat(NOTE_TEXT_BYTES / 2), "b".repeat(NOTE_TEXT_BYTES / 2 + 1)];
    let base = edited(&[], &halves[0], 1);
    let forgery = forged(&base, |document, text| document.splice_text(text, 0, 0, &halves[1]).unwrap());
    assert_eq!(accept(&base, &[forgery]).unwrap_err(), NoteError::TextTooLong);
}

#[test]
fn a_change_has_one_id_per_note() {
    let bytes = edit::<Vec<u8>>(&[], "text", [1; 16]).unwrap().changes.remove(0);
    let hash = accept::<Vec<u8>, _>(&[], &[bytes]).unwrap().fresh[0].0;
    let (one, other) = (Id::new(uuid::Uuid::from_u128(1)), Id::new(uuid::Uuid::from_u128(2)));
    assert_eq!(change_id(one, hash), change_id(one, hash));
    assert_ne!(change_id(one, hash), change_id(other, hash));
    assert_eq!(change_id(one, hash).uuid().get_version_num(), 8);
}

#[test]
fn damage_under_a_fitting_checksum_does_no_harm_either() {
    let base = edited(&[], "Check the valve — twice.", 1);
    let change = edit(&base, "Check the red valve — once more.", [2; 16]).unwrap().changes.remove(0);
    let mut taken = 0;
    for position in 9..change.len() {
        for value in [0, 1, 2, 0x3f, 0x40, 0x7e, 0x7f, 0x80, 0xff] {
            let mut damaged = change.clone();
            damaged[position] = value;
            let hash = Sha256::digest(&damaged[8..]);
            damaged[4..8].copy_from_slice(&hash[..4]);
            let Ok(accepted) = accept(&base, &[&damaged]) else { continue };
            taken += 1;
            // Whatever was taken must leave a note that can be read and edited.
            let stored = [base.clone(), accepted.fresh.into_iter().map(|(_, bytes)| bytes).collect()].concat();
            assert_eq!(materialise(&stored).unwrap(), accepted.text);
            let next = edit(&stored, "still editable", [3; 16]).unwrap();
            assert_eq!(accept(&stored, &next.changes).unwrap().text, "still editable");
        }
    }
    assert!(taken > 0, "some damage is only another text");
}
#[test]
fn a_text_rewritten_as_a_whole_stays_small_enough_to_send() {
    let words = |seed: u32| -> String {
        let letters = (0..16_000_u32).map(|place| place.wrapping_mul(2_654_435_761 ^ seed).rotate_left(seed) >> 9);
        letters.map(|number| char::from(b'a' + (number % 26) as u8)).collect()
    };
    let base = edited(&[], &format!("Start. {} End.", words(1)), 1);
    let rewritten = format!("Start. {} End.", words(7));
    let edit = edit(&base, &rewritten, [2; 16]).unwrap();
    let other = edited(&base, &format!("Gate code. Start. {} End.", words(1)), 3);
    let both = accept(&other, &edit.changes).unwrap().text;
    assert_eq!(both, format!("Gate code. {rewritten}"));
}
