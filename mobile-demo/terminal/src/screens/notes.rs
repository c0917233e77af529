//! The notes of a visit's job.

use crossterm::event::KeyCode;
use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};
use satchel_domain::tables::Note;

use super::{Around, Goto, Hint, Page, Prompt, Purpose, Tap, list_step, marker, nothing, scrolled};
use crate::{
    picker::Picker,
    theme,
    view::{NotesView, Place},
    words,
};

/// Lines one note takes.
const LINES: usize = 3;

/// See the module.
#[derive(Clone, Debug)]
pub struct NotesScreen {
    place: Place,
    notes: Picker<Note>,
}

impl NotesScreen {
    /// Shows the notes.
    pub fn new(view: NotesView) -> Self {
        Self { place: view.place, notes: Picker::new(view.notes) }
    }

    /// Shows them as they are now.
    pub fn renew(&mut self, view: NotesView) {
        self.place = view.place;
        self.notes.replace(view.notes);
    }

    /// Where this is.
    pub fn place(&self) -> Goto {
        Goto::Notes(self.place.visit.id)
    }
}

impl Page for NotesScreen {
    fn title(&self, _around: Around<'_>) -> String {
        format!("Notes · {}", self.place.job.title)
    }

    fn aside(&self, _around: Around<'_>) -> String {
        words::count(self.notes.items().len(), "note")
    }

    fn hints(&self) -> Vec<Hint> {
        vec![("enter", "read and edit"), ("+", "new note"), ("esc", "back")]
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, _around: Around<'_>) {
        if self.notes.items().is_empty() {
            frame.render_widget(nothing("No notes yet: + starts one."), area);
            return;
        }
        let mut lines = Vec::new();
        for (at, note) in self.notes.items().iter().enumerate() {
            let chosen = at == self.notes.at();
            let strong = if chosen { theme::selected() } else { Style::new() };
            let first = note.text.lines().find(|line| !line.trim().is_empty()).unwrap_or("(empty)");
            lines.push(Line::from(vec![marker(chosen), Span::styled(note.title.clone(), strong)]));
            lines.push(Line::from(vec![marker(chosen), Span::styled(first.to_owned(), theme::quiet())]));
            lines.push(Line::default());
        }
        let lines = scrolled(lines, self.notes.at() * LINES, LINES, area.height);
        frame.render_widget(ratatui::text::Text::from(lines), area);
    }

    fn press(&mut self, key: KeyCode, _around: Around<'_>) -> Tap {
        if let Some(step) = list_step(key) {
            self.notes.step(step);
            return Tap::Stay;
        }
        match key {
            KeyCode::Char('+') => Tap::Ask(Box::new(Prompt::new(
                "New note",
                "Its title, one line.",
                "",
                Purpose::NoteTitle(self.place.job.id),
            ))),
            KeyCode::Enter => match self.notes.chosen() {
                Some(note) => Tap::Open(Goto::Note(note.id)),
                None => Tap::Stay,
            },
            _ => Tap::Pass,
        }
    }
}
