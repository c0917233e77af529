//! A small binary form for opaque marks: numbers of variable length, fixed runs of bytes, base64url without padding.
//!
//! Invariant: reading is strict. Too much, too little, an overlong number or a longer text than allowed is an error,
//! never a guess.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

/// Bits of a number carried by one byte.
const GROUP_BITS: u32 = 7;
/// Set on every byte of a number but the last.
const MORE: u8 = 0x80;

/// The text is not what the writer writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mark this server made")]
pub struct Malformed;

/// Collects bytes.
#[derive(Default)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(crate) fn fixed(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn number(&mut self, mut number: u64) {
        loop {
            let group = (number & u64::from(!MORE)) as u8;
            number >>= GROUP_BITS;
            if number == 0 {
                return self.0.push(group);
            }
            self.0.push(group | MORE);
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.fixed(text.as_bytes());
    }

    pub(crate) fn finish(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }
}

/// Reads what a [`Writer`] wrote.
pub(crate) struct Reader {
    bytes: Vec<u8>,
    at: usize,
}

impl Reader {
    pub(crate) fn new(text: &str, length_max: usize) -> Result<Self, Malformed> {
        if text.len() > length_max {
            return Err(Malformed);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Malformed)?;
        Ok(Self { bytes, at: 0 })
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Malformed> {
        self.slice(1).map(|slice| slice[0])
    }

    pub(crate) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.slice(N)?.try_into().map_err(|_| Malformed)
    }

    pub(crate) fn uuid(&mut self) -> Result<Uuid, Malformed> {
        self.fixed().map(Uuid::from_bytes)
    }

    pub(crate) fn number(&mut self) -> Result<u64, Malformed> {
        let mut number = 0u64;
        for shift in (0..u64::BITS).step_by(GROUP_BITS as usize) {
            let byte = self.byte()?;
            let group = u64::from(byte & !MORE);
            if group != 0 && group.leading_zeros() < shift {
                return Err(Malformed);
            }
            number |= group << shift;
            if byte & MORE == 0 {
                let overlong = byte == 0 && shift > 0;
                return if overlong { Err(Malformed) } else { Ok(number) };
            }
        }
        Err(Malformed)
    }

    pub(crate) fn text(&mut self, length_max: usize) -> Result<String, Malformed> {
        let length = usize::try_from(self.number()?).map_err(|_| Malformed)?;
        if length > length_max {
            return Err(Malformed);
        }
        String::from_utf8(self.slice(length)?.to_vec()).map_err(|_| Malformed)
    }

    /// Nothing may follow.
    pub(crate) fn end(&self) -> Result<(), Malformed> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(Malformed) }
    }

    fn slice(&mut self, length: usize) -> Result<&[u8], Malformed> {
        let end = self.at.checked_add(length).ok_or(Malformed)?;
        let slice = self.bytes.get(self.at..end).ok_or(Malformed)?;
        self.at = end;
        Ok(slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_length_come_back() {
        let numbers = [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX - 1, u64::MAX];
        let mut writer = Writer::default();
        numbers.iter().for_each(|number| writer.number(*number));
        let mut reader = Reader::new(&writer.finish(), 1_000).unwrap();
        for number in numbers {
            assert_eq!(reader.number(), Ok(number));
        }
        assert_eq!(reader.end(), Ok(()));
        assert_eq!(reader.byte(), Err(Malformed));
    }

    #[test]
    fn overlong_and_overflowing_numbers_are_malformed() {
        for bytes in [&[0x80, 0x00][..], &[0xff; 11], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]] {
            let mut reader = Reader::new(&URL_SAFE_NO_PAD.encode(bytes), 100).unwrap();
            assert_eq!(reader.number(), Err(Malformed), "{bytes:?}");
        }
    }
}
