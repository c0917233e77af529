//! Writing a new text into a document at a bounded cost.
//!
//! The finest difference of two long texts that share little costs seconds on a phone and a change too large to send.
//! Nobody merges with such an edit letter by letter, so beyond a bound the part that differs is replaced as a whole.

use automerge::{AutoCommit, AutomergeError, ObjId, ReadDoc, transaction::Transactable};

/// Characters deleted and inserted up to which an edit is recorded letter by letter.
const LETTERS: usize = 1_000;

/// Turns the text object into `new`, keeping what stayed the same.
pub(super) fn write(document: &mut AutoCommit, object: &ObjId, new: &str) -> Result<(), AutomergeError> {
    let old = document.text(object)?;
    let (old, new_chars): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let start = old.iter().zip(&new_chars).take_while(|(old, new)| old == new).count();
    let (old, new_chars) = (&old[start..], &new_chars[start..]);
    let end = old.iter().rev().zip(new_chars.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new_chars) = (&old[..old.len() - end], &new_chars[..new_chars.len() - end]);
    if is_within(old, new_chars, LETTERS) {
        return document.update_text(object, new);
    }
    let replacement: String = new_chars.iter().collect();
    document.splice_text(object, start, old.len() as isize, &replacement)
}

/// Whether at most `bound` characters must be deleted and inserted to turn one text into the other: Myers' greedy
/// search, given up at the bound.
fn is_within(old: &[char], new: &[char], bound: usize) -> bool {
    if old.len().abs_diff(new.len()) > bound {
        return false;
    }
    // reach[k + bound + 1]: how far into `old` a path on diagonal k has come.
    let middle = bound + 1;
    let mut reach = vec![0_usize; 2 * middle + 1];
    for edits in 0..=bound {
        for diagonal in (middle - edits..=middle + edits).step_by(2) {
            let down =
                diagonal == middle - edits || (diagonal != middle + edits && reach[diagonal - 1] < reach[diagonal + 1]);
            let mut x = if down { reach[diagonal + 1] } else { reach[diagonal - 1] + 1 };
            // Paths may leave the texts; those go no further.
            while let Some(y) = (x + middle).checked_sub(diagonal)
                && x < old.len()
                && y < new.len()
                && old[x] == new[y]
            {
                x += 1;
            }
            reach[diagonal] = x;
            if x >= old.len() && x + middle >= diagonal + new.len() {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(old: &str, new: &str) -> usize {
        let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
        (0..).find(|bound| is_within(&old, &new, *bound)).expect("some bound is enough")
    }

    #[test]
    fn distances_are_those_of_the_shortest_edit() {
        let cases = [("", "", 0), ("abc", "abc", 0), ("", "abc", 3), ("abc", "", 3), ("abcabba", "cbabac", 5)];
        for (old, new, edits) in cases {
            assert_eq!(distance(old, new), edits, "{old} to {new}");
        }
    }
}
