//! What the server did not take, and why.

use crossterm::event::KeyCode;
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::Style,
    text::{Line, Span},
    widgets::{Paragraph, Wrap},
};

use super::{Action, Around, Goto, Hint, Page, Tap, list_step, marker, nothing, scrolled, spread};
use crate::{picker::Picker, theme, view::Refused, words};

/// Lines kept for the reason of the chosen one.
const REASON_LINES: u16 = 5;

/// See the module.
#[derive(Clone, Debug)]
pub struct AttentionScreen {
    refused: Picker<Refused>,
}

impl AttentionScreen {
    /// Shows the attention list.
    pub fn new(refused: Vec<Refused>) -> Self {
        Self { refused: Picker::new(refused) }
    }

    /// Shows it as it is now.
    pub fn renew(&mut self, refused: Vec<Refused>) {
        self.refused.replace(refused);
    }

    /// Where this is.
    pub fn place(&self) -> Goto {
        Goto::Attention
    }
}

impl Page for AttentionScreen {
    fn title(&self, _around: Around<'_>) -> String {
        "Needs attention".to_owned()
    }

    fn aside(&self, _around: Around<'_>) -> String {
        words::count(self.refused.items().len(), "refusal")
    }

    fn hints(&self) -> Vec<Hint> {
        vec![("r", "send again"), ("o", "to the office"), ("u", "give up"), ("U", "with what waits"), ("esc", "back")]
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, around: Around<'_>) {
        let Some(chosen) = self.refused.chosen() else {
            frame.render_widget(nothing("Nothing needs you: the server took everything."), area);
            return;
        };
        let zone = around.who.map(|who| who.zone.clone()).unwrap_or(jiff::tz::TimeZone::UTC);
        let [list, reason] = Layout::vertical([Constraint::Fill(1), Constraint::Length(REASON_LINES)]).areas(area);
        let line = |(at, refused): (usize, &Refused)| {
            let picked = at == self.refused.at();
            let strong = if picked { theme::selected() } else { Style::new() };
            let entered = refused.entered_at.map_or_else(|| "     ".to_owned(), |at| words::clock(at, &zone));
            let left = vec![
                marker(picked),
                Span::styled(format!("{entered}  "), theme::quiet()),
                Span::styled(refused.what.clone(), strong),
                Span::styled(format!("  {}", refused.about), theme::quiet()),
            ];
            spread(left, vec![Span::styled(refused.reason.clone(), theme::bad())], area.width)
        };
        let lines: Vec<Line<'static>> = self.refused.items().iter().enumerate().map(line).collect();
        frame.render_widget(ratatui::text::Text::from(scrolled(lines, self.refused.at(), 1, list.height)), list);
        let told = Paragraph::new(vec![
            Line::styled("─".repeat(reason.width.into()), theme::quiet()),
            Line::raw(chosen.message.clone()),
            match chosen.holds {
                _ if chosen.with_office => Line::styled("The office has it and will decide.", theme::warn()),
                0 => Line::default(),
                holds => Line::styled(format!("Waiting for it: {}.", words::count(holds, "change")), theme::warn()),
            },
        ]);
        frame.render_widget(told.wrap(Wrap { trim: true }), reason);
    }

    fn press(&mut self, key: KeyCode, _around: Around<'_>) -> Tap {
        if let Some(step) = list_step(key) {
            self.refused.step(step);
            return Tap::Stay;
        }
        match (key, self.refused.chosen()) {
            (KeyCode::Char('r'), Some(refused)) => Tap::Do(Action::Retry(refused.key)),
            (KeyCode::Char('o'), Some(refused)) if !refused.with_office => Tap::Do(Action::HandOver(refused.key)),
            (KeyCode::Char('u'), Some(refused)) => Tap::Confirm(
                format!("Give up “{}”? It leaves the list for good.", refused.what),
                Action::Undo(refused.key),
            ),
            (KeyCode::Char('U'), Some(refused)) => Tap::Confirm(
                format!("Give up “{}” and {} that waits for it?", refused.what, words::count(refused.holds, "change")),
                Action::UndoGroup(refused.key),
            ),
            _ => Tap::Pass,
        }
    }
}
