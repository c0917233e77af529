//! The visits of a day: where a technician starts.

use crossterm::event::KeyCode;
use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};
use satchel_domain::{
    rules::visit_state,
    tables::{JobPriority, VisitState},
};

use super::{Around, Goto, Hint, Page, Tap, list_step, marker, nothing, scrolled, spread};
use crate::{
    picker::{Item, Picker},
    theme,
    view::{Answered, DayView, VisitLine},
    words,
};

/// Lines one visit takes.
const LINES: usize = 3;
/// Columns of the window.
const WINDOW_COLUMNS: usize = 15;
/// Columns of the state.
const STATE_COLUMNS: usize = 21;

/// See the module.
#[derive(Clone, Debug)]
pub struct DayScreen {
    date: jiff::civil::Date,
    offset: i32,
    visits: Picker<VisitLine>,
}

impl DayScreen {
    /// Shows a day.
    pub fn new(view: DayView) -> Self {
        Self { date: view.date, offset: view.offset, visits: Picker::new(view.visits) }
    }

    /// Shows it as it is now.
    pub fn renew(&mut self, view: DayView) {
        (self.date, self.offset) = (view.date, view.offset);
        self.visits.replace(view.visits);
    }

    /// Where this is.
    pub fn place(&self) -> Goto {
        Goto::Day(self.offset)
    }
}

impl Page for DayScreen {
    fn title(&self, _around: Around<'_>) -> String {
        match self.offset {
            0 => format!("Today, {}", words::day(self.date)),
            1 => format!("Tomorrow, {}", words::day(self.date)),
            -1 => format!("Yesterday, {}", words::day(self.date)),
            _ => words::day(self.date),
        }
    }

    fn aside(&self, _around: Around<'_>) -> String {
        let visits = self.visits.items();
        let ended = visits.iter().filter(|line| !visit_state::is_open(&line.place.visit.state)).count();
        format!("{}, {ended} ended", words::count(visits.len(), "visit"))
    }

    fn hints(&self) -> Vec<Hint> {
        vec![("enter", "open"), ("← →", "day"), ("q", "quit")]
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, around: Around<'_>) {
        if self.visits.items().is_empty() {
            let why =
                if around.filling { "The visits are on their way to this phone." } else { "No visits on this day." };
            frame.render_widget(nothing(why), area);
            return;
        }
        let mut lines = Vec::new();
        for (at, visit) in self.visits.items().iter().enumerate() {
            lines.extend(visit_lines(visit, at == self.visits.at(), area.width));
        }
        let lines = scrolled(lines, self.visits.at() * LINES, LINES, area.height);
        frame.render_widget(ratatui::text::Text::from(lines), area);
    }

    fn press(&mut self, key: KeyCode, _around: Around<'_>) -> Tap {
        if let Some(step) = list_step(key) {
            self.visits.step(step);
            return Tap::Stay;
        }
        match key {
            KeyCode::Left => Tap::Open(Goto::Day(self.offset.saturating_sub(1))),
            KeyCode::Right => Tap::Open(Goto::Day(self.offset.saturating_add(1))),
            KeyCode::Enter => match self.visits.chosen() {
                Some(visit) => Tap::Open(Goto::Visit(visit.key().into())),
                None => Tap::Stay,
            },
            _ => Tap::Pass,
        }
    }
}

fn visit_lines(line: &VisitLine, chosen: bool, width: u16) -> [Line<'static>; LINES] {
    let (visit, job) = (&line.place.visit, &line.place.job);
    let strong = if chosen { theme::selected() } else { Style::new() };
    let indent = " ".repeat(WINDOW_COLUMNS);
    let first = vec![
        marker(chosen),
        Span::styled(format!("{:<WINDOW_COLUMNS$}", words::window(visit)), strong),
        Span::styled(format!("{:<STATE_COLUMNS$}", words::plain(visit.state.as_str())), state_style(&visit.state)),
        Span::styled(job.title.clone(), strong),
    ];
    let customer = line.customer.as_ref().map(|customer| customer.name.clone());
    let address = line.location.as_ref().map(|location| location.address.clone());
    let place = customer.into_iter().chain(address).collect::<Vec<_>>().join(" · ");
    let second = vec![marker(chosen), Span::raw(indent), Span::styled(place, theme::quiet())];
    let priority = match job.priority {
        JobPriority::Normal => Vec::new(),
        JobPriority::Low => vec![Span::styled("low", theme::quiet())],
        ref urgent => vec![Span::styled(format!("! {urgent}"), theme::warn())],
    };
    [spread(first, priority, width), spread(second, answered(line.answered), width), Line::default()]
}

/// How far the checklists are, in a word.
pub(super) fn answered(answered: Answered) -> Vec<Span<'static>> {
    if answered.asked == 0 {
        return Vec::new();
    }
    let text = format!("checklist {} of {}", answered.done, answered.asked);
    vec![Span::styled(text, if answered.blocking == 0 { theme::good() } else { theme::quiet() })]
}

/// A visit state's colour.
pub(super) fn state_style(state: &VisitState) -> Style {
    match state {
        VisitState::OnSite | VisitState::Traveling => theme::good(),
        VisitState::Paused | VisitState::PartiallyCompleted => theme::warn(),
        VisitState::CannotComplete | VisitState::Canceled => theme::bad(),
        VisitState::Completed => theme::quiet(),
        _ => Style::new().fg(theme::ACCENT),
    }
}
