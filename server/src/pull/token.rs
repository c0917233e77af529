//! The mark by which a broken pass goes on.
//!
//! Invariants:
//! - It is only a claim, like a cursor: what it says decides which rows are looked at, never which are seen.
//! - Page 1 fixed the pass's target and `last_seq`; the mark carries both to the last page.

use uuid::Uuid;

use crate::feed::{
    Snapshot,
    bytes::{Malformed, Reader, Writer},
    cursor::Cursor,
    head::LastPushed,
};

/// Characters of a mark.
pub const TOKEN_CHARS: usize = 64 * 1024;
/// Characters of a table's name.
const NAME_CHARS: usize = 63;

const VERSION: u8 = 1;

/// What is left of a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where the pass started; none for a fill.
    pub since: Option<Snapshot>,
    /// Where it leads.
    pub target: Cursor,
    /// The device's end of sequence as page 1 saw it.
    pub last: LastPushed,
    /// Whether a scope was out of the caller's sight on an earlier page.
    pub torn: bool,
    /// Where the last page ended.
    pub position: Position,
}

/// A place within a pass: everything before it has been sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The table.
    pub table: String,
    /// Which part of the table.
    pub part: Part,
    /// The last row sent.
    pub after: Uuid,
}

/// A table is sent in two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Rows the feed names.
    Changed = 0,
    /// All rows of the scopes being filled.
    Filled = 1,
}

impl Token {
    /// The text for the wire.
    pub fn encode(&self) -> String {
        let mut writer = Writer::default();
        writer.byte(VERSION);
        writer.byte(self.since.is_some().into());
        if let Some(since) = &self.since {
            since.write(&mut writer);
        }
        self.target.write(&mut writer);
        writer.number(self.last.seq);
        writer.byte(self.last.key.is_some().into());
        if let Some(key) = self.last.key {
            writer.fixed(key.as_bytes());
        }
        writer.byte(self.torn.into());
        writer.text(&self.position.table);
        writer.byte(self.position.part as u8);
        writer.fixed(self.position.after.as_bytes());
        writer.finish()
    }

    /// Reads a mark.
    ///
    /// # Errors
    /// [`Malformed`] for anything [`encode`](Self::encode) does not write.
    pub fn decode(text: &str) -> Result<Self, Malformed> {
        let mut reader = Reader::new(text, TOKEN_CHARS)?;
        if reader.byte()? != VERSION {
            return Err(Malformed);
        }
        let token = Self {
            since: if flag(&mut reader)? { Some(Snapshot::read(&mut reader)?) } else { None },
            target: Cursor::read(&mut reader)?,
            last: LastPushed {
                seq: reader.number()?,
                key: if flag(&mut reader)? { Some(reader.uuid()?) } else { None },
            },
            torn: flag(&mut reader)?,
            position: Position {
                table: reader.text(NAME_CHARS)?,
                part: match reader.byte()? {
                    0 => Part::Changed,
                    1 => Part::Filled,
                    _ => return Err(Malformed),
                },
                after: reader.uuid()?,
            },
        };
        reader.end()?;
        Ok(token)
    }
}

fn flag(reader: &mut Reader) -> Result<bool, Malformed> {
    match reader.byte()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::cursor::History;

    #[test]
    fn a_mark_comes_back_and_nothing_shorter_is_one() {
        let snapshot = Snapshot { xmin: 700, xmax: 900, running: vec![700, 850] };
        let target = Cursor {
            history: History { identity: 1, started: 2 },
            snapshot: snapshot.clone(),
            fingerprint: 3,
            scopes: [4; 16],
        };
        let token = Token {
            since: Some(snapshot),
            target,
            last: LastPushed { seq: 12, key: Some(Uuid::from_u128(5)) },
            torn: true,
            position: Position { table: "visit".to_owned(), part: Part::Filled, after: Uuid::from_u128(6) },
        };
        let text = token.encode();
        assert_eq!(Token::decode(&text), Ok(token));
        for length in 0..text.len() {
            assert_eq!(Token::decode(&text[..length]), Err(Malformed));
        }
    }
}
