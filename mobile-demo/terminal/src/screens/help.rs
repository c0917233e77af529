//! The page behind `?`.

use ratatui::{
    Frame,
    layout::{Constraint, Rect},
    text::{Line, Span},
    widgets::{Block, BorderType, Clear, Padding, Paragraph},
};

use crate::theme;

/// Every key, and what it does.
pub const HELP: &[(&str, &str)] = &[
    ("↑ ↓", "choose a line; page up and down go faster"),
    ("enter", "open it, answer it, press the button"),
    ("esc", "back"),
    ("← →", "another day; another button"),
    ("1 … 9", "press a visit's button"),
    ("c  o  m  t", "a visit's checklist, notes, materials, time"),
    ("", ""),
    ("w", "what waits to be sent; u takes one back"),
    ("a", "what the server refused, and why; r sends it again, u gives it up"),
    ("n", "cut the network, as a basement does; again to mend it"),
    ("q", "quit; what was entered is on disk and is sent next time"),
];

pub(super) fn draw(frame: &mut Frame<'_>) {
    let mut lines = vec![
        Line::raw("Everything you enter is on this phone's disk before the screen shows it."),
        Line::raw("It is sent when there is a network; nothing here waits for one."),
        Line::default(),
    ];
    for (key, does) in HELP {
        lines.push(Line::from(vec![Span::styled(format!("{key:<12}"), theme::key()), Span::raw(*does)]));
    }
    let area = middle(frame.area(), 86, u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(4));
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines).block(panel("Help")), area);
}

/// A box that lies over the screen.
pub(super) fn panel(title: &str) -> Block<'static> {
    Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme::key())
        .title(Line::styled(format!(" {title} "), theme::heading()))
        .padding(Padding::symmetric(2, 1))
}

/// The middle of `area`, at most `width` × `height`.
pub(super) fn middle(area: Rect, width: u16, height: u16) -> Rect {
    area.centered(Constraint::Length(width.min(area.width)), Constraint::Length(height.min(area.height)))
}
