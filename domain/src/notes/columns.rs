//! How much an encoded change would unfold to, told without unfolding it.
//!
//! A change's columns are run-length encoded: a hundred bytes can claim 2^62 operations and keep a server busy forever.
//! So the runs are added up first. Compressed chunks are refused for the same reason.
//!
//! Format: <https://automerge.org/automerge-binary-format-spec/>, change chunk.

use std::ops::Range;

use super::NoteError;

/// Values a column may unfold to: every byte of the longest note inserted and another as long deleted, with some room.
const COLUMN_VALUES: u64 = 3 * crate::rules::limits::NOTE_TEXT_BYTES as u64;

/// The bytes every chunk starts with.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Where a chunk's checksum stands: the first bytes of its hash.
pub(super) const CHECKSUM: Range<usize> = 4..8;
/// The chunk type of an uncompressed change.
const CHANGE_CHUNK: u8 = 1;
/// Bytes of a change's hash.
const HASH_BYTES: u64 = 32;

/// How a column's values are encoded: the low three bits of its specification.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// Runs of unsigned integers, which are counts of other columns' values.
    Groups,
    /// Runs of integers.
    Integers,
    /// Runs of texts.
    Texts,
    /// Alternating runs of false and true.
    Booleans,
    /// Bytes, as many as another column says.
    Raw,
}

/// Refuses a change that is not an uncompressed change chunk, or would unfold to more than a note can hold.
pub(super) fn check(bytes: &[u8]) -> Result<(), NoteError> {
    let mut input = Input(bytes);
    let head = input.take(8)?;
    if head[..4] != MAGIC || input.take(1)? != [CHANGE_CHUNK] {
        return Err(NoteError::Malformed);
    }
    if input.unsigned()? != input.0.len() as u64 {
        return Err(NoteError::Malformed);
    }
    let dependencies = input.unsigned()?;
    input.take(dependencies.checked_mul(HASH_BYTES).ok_or(NoteError::Malformed)?)?;
    input.prefixed()?; // actor
    input.unsigned()?; // sequence
    input.unsigned()?; // first operation
    input.signed()?; // time
    input.prefixed()?; // message
    for _ in 0..input.bounded()? {
        input.prefixed()?; // other actors
    }
    let mut layout = Vec::new();
    for _ in 0..input.bounded()? {
        layout.push((encoding(input.unsigned()?)?, input.unsigned()?));
    }
    for (encoding, length) in layout {
        column(encoding, Input(input.take(length)?))?;
    }
    Ok(())
}

fn encoding(specification: u64) -> Result<Encoding, NoteError> {
    const DEFLATED: u64 = 0b1000;
    if specification & DEFLATED != 0 {
        return Err(NoteError::Malformed);
    }
    Ok(match specification & 0b111 {
        0 => Encoding::Groups,
        4 => Encoding::Booleans,
        5 => Encoding::Texts,
        7 => Encoding::Raw,
        _ => Encoding::Integers,
    })
}

/// Adds up a column's runs.
fn column(encoding: Encoding, mut input: Input<'_>) -> Result<(), NoteError> {
    let mut values = 0_u64;
    let mut add = |count: u64| {
        values = values.saturating_add(count);
        if values > COLUMN_VALUES { Err(NoteError::TooLarge) } else { Ok(()) }
    };
    if encoding == Encoding::Raw {
        return Ok(());
    }
    while !input.0.is_empty() {
        if encoding == Encoding::Booleans {
            add(input.unsigned()?)?;
            continue;
        }
        let run = input.signed()?;
        match run {
            0 => add(input.unsigned()?)?,
            1.. => {
                let size = input.value(encoding)?;
                add(run.unsigned_abs().saturating_mul(size))?;
            }
            _ => {
                add(run.unsigned_abs())?;
                for _ in 0..run.unsigned_abs() {
                    add(input.value(encoding)?.saturating_sub(1))?;
                }
            }
        }
    }
    Ok(())
}

/// Bytes still to be read.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, count: u64) -> Result<&'a [u8], NoteError> {
        let count = usize::try_from(count).map_err(|_| NoteError::Malformed)?;
        let (taken, rest) = self.0.split_at_checked(count).ok_or(NoteError::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    fn prefixed(&mut self) -> Result<&'a [u8], NoteError> {
        let length = self.unsigned()?;
        self.take(length)
    }

    /// A count of things that take at least one byte each.
    fn bounded(&mut self) -> Result<u64, NoteError> {
        let count = self.unsigned()?;
        if count <= self.0.len() as u64 { Ok(count) } else { Err(NoteError::Malformed) }
    }

    /// Reads a value and tells what it weighs: one, or for a group as many values as it names, if more.
    fn value(&mut self, encoding: Encoding) -> Result<u64, NoteError> {
        match encoding {
            Encoding::Groups => self.unsigned().map(|group| group.max(1)),
            Encoding::Texts => self.prefixed().map(|_| 1),
            // Signed and unsigned integers end at the same byte.
            _ => self.leb128().map(|_| 1),
        }
    }

    fn unsigned(&mut self) -> Result<u64, NoteError> {
        self.leb128().map(|(bits, _)| bits)
    }

    fn signed(&mut self) -> Result<i64, NoteError> {
        let (bits, width) = self.leb128()?;
        let negative = width <= 63 && bits >> (width - 1) & 1 == 1;
        let extension = if negative { u64::MAX << width } else { 0 };
        Ok((bits | extension) as i64)
    }

    /// Seven bits a byte, lowest first: the bits, and how many there were.
    fn leb128(&mut self) -> Result<(u64, u32), NoteError> {
        let mut bits = 0_u64;
        for width in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            bits |= u64::from(byte & 0x7f) << width;
            if byte & 0x80 == 0 {
                return Ok((bits, width + 7));
            }
        }
        Err(NoteError::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_leb128() {
        let signed = |bytes: &[u8]| Input(bytes).signed().unwrap();
        assert_eq!(signed(&[0x7f]), -1);
        assert_eq!(signed(&[0x3f]), 63);
        assert_eq!(signed(&[0x80, 0x7f]), -128);
        assert_eq!(Input(&[0xe5, 0x8e, 0x26]).unsigned().unwrap(), 624_485);
        assert_eq!(Input(&[0x80]).unsigned().unwrap_err(), NoteError::Malformed);
        assert_eq!(Input(&[0xff; 11]).unsigned().unwrap_err(), NoteError::Malformed);
    }

    #[test]
    fn long_runs_are_refused_unread() {
        let endless = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x01];
        let groups = [0x01, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
        let nulls = [0x00, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
        assert_eq!(column(Encoding::Integers, Input(&endless)), Err(NoteError::TooLarge));
        assert_eq!(column(Encoding::Booleans, Input(&endless)), Err(NoteError::TooLarge));
        assert_eq!(column(Encoding::Groups, Input(&groups)), Err(NoteError::TooLarge));
        assert_eq!(column(Encoding::Texts, Input(&nulls)), Err(NoteError::TooLarge));
        assert_eq!(column(Encoding::Integers, Input(&[0x05, 0x01, 0x7e, 0x01, 0x02])), Ok(()));
        assert_eq!(column(Encoding::Integers, Input(&[0x7e, 0x01])), Err(NoteError::Malformed));
    }
}
