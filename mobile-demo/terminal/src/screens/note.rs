//! One note, being edited.
//!
//! Invariant: what others write meanwhile is shown as news and never overwrites what is being typed; saving merges.

use crossterm::event::KeyCode;
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Position, Rect},
    text::{Line, Text as Lines},
};
use satchel_domain::{rules::limits::NOTE_TEXT_BYTES, tables::Note};

use super::{Action, Around, Goto, Hint, Page, Tap};
use crate::{edit::Text, theme};

/// See the module.
#[derive(Clone, Debug)]
pub struct NoteScreen {
    note: Note,
    /// The text as it was when editing began.
    base: String,
    text: Text,
}

impl NoteScreen {
    /// Begins to edit.
    pub fn new(note: Note) -> Self {
        Self { base: note.text.clone(), text: Text::lines(&note.text), note }
    }

    /// Takes what others wrote: into the text if nothing was typed, else for the merge on saving.
    pub fn renew(&mut self, note: Note) {
        if self.text.text() == self.base {
            *self = Self::new(note);
        } else {
            self.note = note;
        }
    }

    /// Where this is.
    pub fn place(&self) -> Goto {
        Goto::Note(self.note.id)
    }

    /// After saving: what is typed is what stands there, and the next text that arrives replaces it.
    pub fn saved(&mut self) {
        self.base = self.text.text();
    }

    /// What saving does; none when there is nothing to save.
    pub fn save(&self) -> Option<Action> {
        let text = self.text.text();
        (text != self.base).then(|| Action::EditNote { note_id: self.note.id, base: self.base.clone(), text })
    }
}

impl Page for NoteScreen {
    fn title(&self, _around: Around<'_>) -> String {
        format!("Note · {}", self.note.title)
    }

    fn aside(&self, _around: Around<'_>) -> String {
        if self.text.text() == self.base { "saved".to_owned() } else { "not saved".to_owned() }
    }

    fn hints(&self) -> Vec<Hint> {
        vec![("esc", "save and go back"), ("ctrl-s", "save"), ("ctrl-x", "drop what was typed")]
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, _around: Around<'_>) {
        let [news, area] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
        let length = self.text.text().len();
        if self.note.text != self.base {
            let text = "Somebody else has written here meanwhile: saving keeps both.";
            frame.render_widget(Line::styled(text, theme::warn()), news);
        } else if length > NOTE_TEXT_BYTES {
            let kilobytes = NOTE_TEXT_BYTES / 1024;
            frame.render_widget(
                Line::styled(format!("Longer than {kilobytes} kB: too long to save."), theme::bad()),
                news,
            );
        }
        let (rows, cursor) = self.text.wrapped(area.width);
        let from = (cursor.y + 1).saturating_sub(area.height).min(cursor.y);
        let shown: Vec<Line<'_>> = rows.into_iter().skip(from.into()).take(area.height.into()).collect();
        frame.render_widget(Lines::from(shown), area);
        frame.set_cursor_position(Position::new(area.x + cursor.x, area.y + cursor.y - from));
    }

    fn press(&mut self, key: KeyCode, _around: Around<'_>) -> Tap {
        match key {
            KeyCode::Enter => self.text.insert('\n'),
            KeyCode::Tab => (0..4).for_each(|_| self.text.insert(' ')),
            _ if self.text.press(key) => {}
            _ => return Tap::Pass,
        }
        Tap::Stay
    }

    fn typing(&self) -> bool {
        true
    }
}
