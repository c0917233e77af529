//! Screens: what they draw and what their keys mean. Nothing here reads or writes.

mod attention;
mod checklist;
mod day;
mod frame;
mod help;
mod materials;
mod note;
mod notes;
mod prompt;
mod queue;
mod search;
mod sign_in;
mod time;
mod visit;

use crossterm::event::KeyCode;
use jiff::Timestamp;
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};
use satchel_domain::tables::{Note, Visit};
use satchel_protocol::Id;
use uuid::Uuid;

pub use attention::AttentionScreen;
pub use checklist::ChecklistScreen;
pub use day::DayScreen;
pub use frame::draw;
pub use help::HELP;
pub use materials::MaterialsScreen;
pub use note::NoteScreen;
pub use notes::NotesScreen;
pub use prompt::{Prompt, Purpose};
pub use queue::QueueScreen;
pub use search::SearchScreen;
pub use sign_in::SignInScreen;
pub use time::TimeScreen;
pub use visit::VisitScreen;

use crate::{
    order::{At, Order},
    theme,
    view::Who,
};

/// Where one can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goto {
    /// The visits of the day so many days from now.
    Day(i32),
    /// A visit.
    Visit(Id<Visit>),
    /// Its checklists.
    Checklist(Id<Visit>),
    /// The notes of its job.
    Notes(Id<Visit>),
    /// One note, to be edited.
    Note(Id<Note>),
    /// Its materials.
    Materials(Id<Visit>),
    /// The pricebook, to add to its materials.
    Search(At),
    /// The technician's time.
    Time(Id<Visit>),
    /// What waits to be sent.
    Queue,
    /// What the server did not take.
    Attention,
}

/// Something to be done outside of the screens.
#[derive(Clone, Debug)]
pub enum Action {
    /// Sign in; without an organization, tell which there are.
    SignIn {
        /// E-mail address.
        email: String,
        /// Password.
        password: String,
        /// The organization to act in.
        org_id: Option<Uuid>,
    },
    /// Ask for e-mail and password again.
    AskSignIn,
    /// Queue a mutation.
    Order(Order),
    /// Turn a note's text from `base` into `text`, keeping what others wrote meanwhile.
    EditNote {
        /// The note.
        note_id: Id<Note>,
        /// The text as it was when editing began.
        base: String,
        /// The text as it should be.
        text: String,
    },
    /// Look the pricebook up.
    Search(String),
    /// Cut the network, or mend it.
    ToggleNetwork,
    /// Send a refused mutation again.
    Retry(Uuid),
    /// Hand a refused mutation to the office.
    HandOver(Uuid),
    /// Give a mutation up.
    Undo(Uuid),
    /// Give a mutation up with everything that depends on it.
    UndoGroup(Uuid),
    /// Leave.
    Quit,
}

/// What a key meant.
#[derive(Clone, Debug)]
pub enum Tap {
    /// Nothing beyond this screen.
    Stay,
    /// Not this screen's key.
    Pass,
    /// Go there.
    Open(Goto),
    /// Go back.
    Back,
    /// Ask for a line of text.
    Ask(Box<Prompt>),
    /// Ask yes or no, then do it.
    Confirm(String, Action),
    /// Do it.
    Do(Action),
}

/// What every screen may know.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// Whose phone it is; none before the first sign-in.
    pub who: Option<&'a Who>,
    /// The time.
    pub now: Timestamp,
    /// Whether rows of the first sync are still missing.
    pub filling: bool,
}

/// A key and what it does, for the last line.
pub type Hint = (&'static str, &'static str);

/// A screen.
pub trait Page {
    /// Its name.
    fn title(&self, around: Around<'_>) -> String;
    /// What stands to the right of its name.
    fn aside(&self, _around: Around<'_>) -> String {
        String::new()
    }
    /// Its keys.
    fn hints(&self) -> Vec<Hint>;
    /// Draws it.
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, around: Around<'_>);
    /// Takes a key.
    fn press(&mut self, key: KeyCode, around: Around<'_>) -> Tap;
    /// Whether letters are text here, and no commands.
    fn typing(&self) -> bool {
        false
    }
}

/// Steps of a list for the keys that move in one; none for other keys.
fn list_step(key: KeyCode) -> Option<isize> {
    Some(match key {
        KeyCode::Up | KeyCode::Char('k') => -1,
        KeyCode::Down | KeyCode::Char('j') => 1,
        KeyCode::PageUp => -10,
        KeyCode::PageDown => 10,
        KeyCode::Home => isize::MIN,
        KeyCode::End => isize::MAX,
        _ => return None,
    })
}

/// The mark in front of a line.
fn marker(chosen: bool) -> Span<'static> {
    if chosen { Span::styled("▌ ", theme::key()) } else { Span::raw("  ") }
}

/// The part of `lines` that fits `height` lines and holds line `at` with the `of` lines after it.
fn scrolled(lines: Vec<Line<'static>>, at: usize, of: usize, height: u16) -> Vec<Line<'static>> {
    let height = usize::from(height);
    let from = (at + of).saturating_sub(height).min(at);
    lines.into_iter().skip(from).take(height).collect()
}

/// A line whose `right` part stands at the right edge of `width` columns; the left part is cut to fit.
fn spread(left: Vec<Span<'static>>, right: Vec<Span<'static>>, width: u16) -> Line<'static> {
    let right_width: usize = right.iter().map(Span::width).sum();
    let room = usize::from(width).saturating_sub(right_width + 1);
    let mut spans = Vec::new();
    let mut used = 0;
    for span in left {
        let mut text = String::new();
        for character in span.content.chars() {
            let columns = Span::raw(character.to_string()).width();
            if used + columns > room {
                break;
            }
            text.push(character);
            used += columns;
        }
        spans.push(Span::styled(text, span.style));
    }
    spans.push(Span::raw(" ".repeat(room + 1 - used)));
    spans.extend(right);
    Line::from(spans)
}

/// A sentence where a list would be.
fn nothing(text: &str) -> Line<'static> {
    Line::styled(format!("  {text}"), theme::quiet())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_line_has_the_width_asked_for() {
        for width in [0, 5, 20, 40] {
            let line = spread(vec!["left 日本語 part".into()], vec!["right".into()], width);
            assert_eq!(line.width(), usize::from(width.max(6)), "{line}");
        }
    }

    #[test]
    fn scrolling_keeps_the_chosen_lines_in_sight() {
        let lines: Vec<Line<'static>> = (0..10).map(|number| Line::from(number.to_string())).collect();
        let seen = |at, of, height| {
            scrolled(lines.clone(), at, of, height).iter().map(ToString::to_string).collect::<String>()
        };
        assert_eq!(seen(0, 2, 4), "0123");
        assert_eq!(seen(6, 2, 4), "4567");
        assert_eq!(seen(6, 9, 4), "6789", "the start, when not all fits");
    }
}
