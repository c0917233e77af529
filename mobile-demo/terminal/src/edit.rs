//! Typing: one line, and several.

use crossterm::event::KeyCode;
use ratatui::{
    layout::Position,
    text::{Line, Span},
};

/// Characters a one-line field takes.
pub const LINE_CHARS: usize = 4_000;
/// Characters an edited text takes; what a note may hold is the note's rule.
pub const TEXT_CHARS: usize = 100_000;

/// Text with a cursor between its characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    chars: Vec<char>,
    cursor: usize,
    lines: bool,
}

/// A key that moves the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// One character back.
    Left,
    /// One character on.
    Right,
    /// To the start of the line.
    Home,
    /// To the end of the line.
    End,
    /// One line up.
    Up,
    /// One line down.
    Down,
}

impl Text {
    /// A one-line field.
    pub fn line(text: &str) -> Self {
        Self::new(text, false)
    }

    /// A text of several lines.
    pub fn lines(text: &str) -> Self {
        Self::new(text, true)
    }

    fn new(text: &str, lines: bool) -> Self {
        let chars: Vec<char> = text.chars().collect();
        Self { cursor: chars.len(), chars, lines }
    }

    /// What stands there.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// Whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    /// As many dots as there are characters.
    pub fn dots(&self) -> String {
        "•".repeat(self.chars.len())
    }

    /// Types a character. Control characters and what exceeds the limit are ignored.
    pub fn insert(&mut self, character: char) {
        let limit = if self.lines { TEXT_CHARS } else { LINE_CHARS };
        let fits = !character.is_control() || (character == '\n' && self.lines);
        if fits && self.chars.len() < limit {
            self.chars.insert(self.cursor, character);
            self.cursor += 1;
        }
    }

    /// Takes the character before the cursor away.
    pub fn backspace(&mut self) {
        if self.cursor > 0 {
            self.cursor -= 1;
            self.chars.remove(self.cursor);
        }
    }

    /// Takes the character after the cursor away.
    pub fn delete(&mut self) {
        if self.cursor < self.chars.len() {
            self.chars.remove(self.cursor);
        }
    }

    /// Takes an editing key; tells whether it was one. Enter and tab are the caller's.
    pub fn press(&mut self, key: KeyCode) -> bool {
        match key {
            KeyCode::Char(character) => self.insert(character),
            KeyCode::Backspace => self.backspace(),
            KeyCode::Delete => self.delete(),
            KeyCode::Left => self.go(Move::Left),
            KeyCode::Right => self.go(Move::Right),
            KeyCode::Up if self.lines => self.go(Move::Up),
            KeyCode::Down if self.lines => self.go(Move::Down),
            KeyCode::Home => self.go(Move::Home),
            KeyCode::End => self.go(Move::End),
            _ => return false,
        }
        true
    }

    /// Moves the cursor.
    pub fn go(&mut self, to: Move) {
        let start = self.line_start(self.cursor);
        match to {
            Move::Left => self.cursor = self.cursor.saturating_sub(1),
            Move::Right => self.cursor = (self.cursor + 1).min(self.chars.len()),
            Move::Home => self.cursor = start,
            Move::End => self.cursor = self.line_end(start),
            Move::Up if start > 0 => self.go_to_line(self.line_start(start - 1), self.cursor - start),
            Move::Up => self.cursor = 0,
            Move::Down => match self.line_end(start) {
                end if end < self.chars.len() => self.go_to_line(end + 1, self.cursor - start),
                end => self.cursor = end,
            },
        }
    }

    fn go_to_line(&mut self, start: usize, column: usize) {
        self.cursor = (start + column).min(self.line_end(start));
    }

    fn line_start(&self, from: usize) -> usize {
        self.chars[..from].iter().rposition(|character| *character == '\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self, from: usize) -> usize {
        self.chars[from..].iter().position(|character| *character == '\n').map_or(self.chars.len(), |at| from + at)
    }

    /// The text broken to `width` columns, and where in it the cursor stands.
    pub fn wrapped(&self, width: u16) -> (Vec<Line<'static>>, Position) {
        let width = usize::from(width.max(2)) - 1; // The cursor needs a column behind a full line.
        let mut rows = vec![String::new()];
        let mut used = 0;
        let mut cursor = Position::default();
        for (at, character) in self.chars.iter().chain([&'\n']).enumerate() {
            let columns = columns_of(*character);
            if used + columns > width {
                rows.push(String::new());
                used = 0;
            }
            if at == self.cursor {
                cursor = position(used, rows.len() - 1);
            }
            if *character == '\n' {
                rows.push(String::new());
                used = 0;
            } else if let Some(row) = rows.last_mut() {
                row.push(*character);
                used += columns;
            }
        }
        rows.pop(); // Begun by the line end put behind the text.
        (rows.into_iter().map(Line::from).collect(), cursor)
    }

    /// The part of a one-line text that fits `width` columns around the cursor, and the cursor's column in it.
    pub fn window(&self, width: u16, hidden: bool) -> (String, u16) {
        let shown: Vec<char> = if hidden { vec!['•'; self.chars.len()] } else { self.chars.clone() };
        let room = usize::from(width.max(2)) - 1;
        let mut from = self.cursor;
        let mut used = 0;
        while from > 0 && used + columns_of(shown[from - 1]) <= room {
            from -= 1;
            used += columns_of(shown[from]);
        }
        let mut text: String = shown[from..self.cursor].iter().collect();
        let mut total = used;
        for character in &shown[self.cursor..] {
            total += columns_of(*character);
            if total > room {
                break;
            }
            text.push(*character);
        }
        (text, u16::try_from(used).unwrap_or(width))
    }
}

fn columns_of(character: char) -> usize {
    Span::raw(character.to_string()).width()
}

fn position(column: usize, row: usize) -> Position {
    Position::new(u16::try_from(column).unwrap_or(u16::MAX), u16::try_from(row).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Text {
        let mut typed = Text::lines("");
        text.chars().for_each(|character| typed.insert(character));
        typed
    }

    #[test]
    fn typing_moving_and_erasing() {
        let mut text = typed("one\ntwo\n\nlonger");
        text.go(Move::Up);
        text.go(Move::Up);
        text.insert('!');
        assert_eq!(text.text(), "one\n!two\n\nlonger", "an empty line on the way loses the column");
        text.go(Move::Home);
        text.delete();
        text.go(Move::End);
        text.backspace();
        assert_eq!(text.text(), "one\ntw\n\nlonger");
        for _ in 0..9 {
            text.go(Move::Up);
        }
        text.backspace();
        text.insert('>');
        assert_eq!(text.text(), ">one\ntw\n\nlonger");
    }

    #[test]
    fn one_line_takes_no_line_ends_and_no_control_characters() {
        let mut line = Text::line("");
        "a\n\u{7}\u{1b}b".chars().for_each(|character| line.insert(character));
        assert_eq!(line.text(), "ab");
    }

    #[test]
    fn wide_characters_and_long_lines_wrap_at_columns() {
        let text = Text::lines("abcdef\n日本語");
        let (rows, cursor) = text.wrapped(6);
        let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
        assert_eq!(rows, ["abcde", "f", "日本", "語"]);
        assert_eq!(cursor, Position::new(2, 3));
        let (empty, cursor) = Text::lines("").wrapped(10);
        assert_eq!((empty.len(), cursor), (1, Position::new(0, 0)));
    }

    #[test]
    fn a_long_line_scrolls_with_its_cursor() {
        let mut line = Text::line("0123456789");
        assert_eq!(line.window(5, false), ("6789".to_owned(), 4));
        line.go(Move::Home);
        assert_eq!(line.window(5, false), ("0123".to_owned(), 0));
        assert_eq!(line.window(5, true), ("••••".to_owned(), 0));
    }
}
