//! The technician's time.

use crossterm::event::KeyCode;
use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};
use satchel_domain::tables::{TimeEntry, TimeKind};

use super::{Action, Around, Goto, Hint, Page, Tap, list_step, marker, nothing, scrolled, spread};
use crate::{
    order::{At, Order},
    picker::Picker,
    theme,
    view::{Place, TimeLine, TimeView},
    words,
};

/// See the module.
#[derive(Clone, Debug)]
pub struct TimeScreen {
    place: Place,
    running: Option<TimeEntry>,
    entries: Picker<TimeLine>,
}

impl TimeScreen {
    /// Shows the technician's time.
    pub fn new(view: TimeView) -> Self {
        let running = view.running().map(|line| line.entry.clone());
        Self { place: view.place, running, entries: Picker::new(view.entries) }
    }

    /// Shows it as it is now.
    pub fn renew(&mut self, view: TimeView) {
        self.running = view.running().map(|line| line.entry.clone());
        self.place = view.place;
        self.entries.replace(view.entries);
    }

    /// Where this is.
    pub fn place(&self) -> Goto {
        Goto::Time(self.place.visit.id)
    }
}

impl Page for TimeScreen {
    fn title(&self, _around: Around<'_>) -> String {
        format!("Time · {}", self.place.job.title)
    }

    fn aside(&self, around: Around<'_>) -> String {
        match &self.running {
            Some(entry) => format!("{} for {}", entry.kind, words::lasted(entry.started_at, around.now)),
            None => "not running".to_owned(),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self.running {
            Some(_) => vec![("s", "stop"), ("esc", "back")],
            None => vec![("t", "start travel"), ("s", "start work"), ("b", "start break"), ("esc", "back")],
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, around: Around<'_>) {
        if self.entries.items().is_empty() {
            frame.render_widget(nothing("No time today."), area);
            return;
        }
        let zone = around.who.map(|who| who.zone.clone()).unwrap_or(jiff::tz::TimeZone::UTC);
        let line = |(at, line): (usize, &TimeLine)| {
            let chosen = at == self.entries.at();
            let entry = &line.entry;
            let started = words::clock(entry.started_at, &zone);
            let (until, style) = match entry.ended_at {
                Some(ended) => (words::clock(ended, &zone), Style::new()),
                None => ("now  ".to_owned(), theme::good()),
            };
            let left = vec![
                marker(chosen),
                Span::styled(format!("{started}–{until}  "), style),
                Span::styled(format!("{:<8}", entry.kind.as_str()), style),
                Span::styled(line.job.clone(), theme::quiet()),
            ];
            let mut right = Vec::new();
            if entry.overlaps {
                right.push(Span::styled("overlaps  ", theme::warn()));
            }
            right.push(Span::raw(words::lasted(entry.started_at, entry.ended_at.unwrap_or(around.now))));
            spread(left, right, area.width)
        };
        let lines: Vec<Line<'static>> = self.entries.items().iter().enumerate().map(line).collect();
        frame.render_widget(ratatui::text::Text::from(scrolled(lines, self.entries.at(), 1, area.height)), area);
    }

    fn press(&mut self, key: KeyCode, around: Around<'_>) -> Tap {
        if let Some(step) = list_step(key) {
            self.entries.step(step);
            return Tap::Stay;
        }
        let technician = around.who.and_then(|who| who.technician);
        let order = match (key, &self.running, technician) {
            (KeyCode::Char('s'), Some(entry), _) => Order::stop_time(entry),
            (KeyCode::Char(kind @ ('t' | 's' | 'b')), None, Some(technician)) => {
                let kind = match kind {
                    't' => TimeKind::Travel,
                    's' => TimeKind::Work,
                    _ => TimeKind::Break,
                };
                Order::start_time(At::from(&self.place), technician, kind)
            }
            _ => return Tap::Pass,
        };
        Tap::Do(Action::Order(order))
    }
}
