//! What waits to be sent.

use crossterm::event::KeyCode;
use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};
use satchel_client::store::QueueState;

use super::{Action, Around, Goto, Hint, Page, Tap, list_step, marker, nothing, scrolled, spread};
use crate::{picker::Picker, theme, view::Waiting, words};

/// Lines one mutation takes.
const LINES: usize = 2;

/// See the module.
#[derive(Clone, Debug)]
pub struct QueueScreen {
    waiting: Picker<Waiting>,
}

impl QueueScreen {
    /// Shows the queue.
    pub fn new(waiting: Vec<Waiting>) -> Self {
        Self { waiting: Picker::new(waiting) }
    }

    /// Shows it as it is now.
    pub fn renew(&mut self, waiting: Vec<Waiting>) {
        self.waiting.replace(waiting);
    }

    /// Where this is.
    pub fn place(&self) -> Goto {
        Goto::Queue
    }
}

impl Page for QueueScreen {
    fn title(&self, _around: Around<'_>) -> String {
        "Waiting".to_owned()
    }

    fn aside(&self, _around: Around<'_>) -> String {
        words::count(self.waiting.items().len(), "entry").replace("entrys", "entries")
    }

    fn hints(&self) -> Vec<Hint> {
        vec![("u", "take back"), ("esc", "back")]
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, around: Around<'_>) {
        if self.waiting.items().is_empty() {
            frame.render_widget(nothing("Nothing waits: the server has everything."), area);
            return;
        }
        let zone = around.who.map(|who| who.zone.clone()).unwrap_or(jiff::tz::TimeZone::UTC);
        let mut lines = Vec::new();
        for (at, waiting) in self.waiting.items().iter().enumerate() {
            let chosen = at == self.waiting.at();
            let strong = if chosen { theme::selected() } else { Style::new() };
            let entered = waiting.entered_at.map_or_else(|| "     ".to_owned(), |at| words::clock(at, &zone));
            let left = vec![
                marker(chosen),
                Span::styled(format!("{entered}  "), theme::quiet()),
                Span::styled(waiting.what.clone(), strong),
                Span::styled(format!("  {}", waiting.about), theme::quiet()),
            ];
            let (state, style) = match waiting.state {
                QueueState::Pending => ("on this phone", theme::quiet()),
                QueueState::Sending => ("being sent", theme::warn()),
                QueueState::Accepted => ("accepted", theme::good()),
                QueueState::Rejected => ("needs attention", theme::bad()),
                QueueState::Held { .. } => ("waits for another", theme::warn()),
            };
            lines.push(spread(left, vec![Span::styled(state, style)], area.width));
            let doubt = waiting.may_be_refused.as_ref().map(|why| format!("         may be refused: {why}"));
            lines.push(Line::styled(doubt.unwrap_or_default(), theme::warn()));
        }
        let lines = scrolled(lines, self.waiting.at() * LINES, LINES, area.height);
        frame.render_widget(ratatui::text::Text::from(lines), area);
    }

    fn press(&mut self, key: KeyCode, _around: Around<'_>) -> Tap {
        if let Some(step) = list_step(key) {
            self.waiting.step(step);
            return Tap::Stay;
        }
        match (key, self.waiting.chosen()) {
            (KeyCode::Char('u'), Some(waiting)) => Tap::Confirm(
                format!("Take back “{}”? Its effects go with it.", waiting.what),
                Action::Undo(waiting.key),
            ),
            _ => Tap::Pass,
        }
    }
}
