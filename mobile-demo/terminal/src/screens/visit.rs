//! A visit, and the buttons its state allows.

use crossterm::event::KeyCode;
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::{Paragraph, Wrap},
};
use satchel_domain::rules::visit_state::Intent;
use satchel_protocol::Id;

use super::{Action, Around, Goto, Hint, Page, Prompt, Tap, day::state_style};
use crate::{
    order::{At, Order},
    theme,
    view::VisitView,
    words,
};

/// Steps of the visit's history that are shown, the newest.
const EVENTS_SHOWN: usize = 8;

/// See the module.
#[derive(Clone, Debug)]
pub struct VisitScreen {
    view: Box<VisitView>,
    button: usize,
}

impl VisitScreen {
    /// Shows a visit.
    pub fn new(view: VisitView) -> Self {
        Self { view: Box::new(view), button: 0 }
    }

    /// Shows it as it is now. The chosen button stays chosen while it is there.
    pub fn renew(&mut self, view: VisitView) {
        let chosen = self.view.buttons.get(self.button).copied();
        *self.view = view;
        self.button = self.view.buttons.iter().position(|button| Some(*button) == chosen).unwrap_or(0);
    }

    /// Where this is.
    pub fn place(&self) -> Goto {
        Goto::Visit(self.view.place.visit.id)
    }

    fn step(&self, intent: Intent) -> Tap {
        let at = At::from(&self.view.place);
        match Prompt::for_step(at, intent) {
            Some(prompt) => Tap::Ask(Box::new(prompt)),
            None => Tap::Do(Action::Order(Order::step(at, intent, None))),
        }
    }

    fn facts(&self) -> Vec<Line<'static>> {
        let view = &self.view;
        let (visit, job) = (&view.place.visit, &view.place.job);
        let mut lines = Vec::new();
        let mut status = vec![
            Span::raw(format!("  {}   ", words::window(visit))),
            Span::styled(words::plain(visit.state.as_str()), state_style(&visit.state)),
        ];
        if let Some(at) = visit.arrived_at {
            status.push(Span::styled(
                format!(", arrived {}", words::clock(at, &words::zone(&visit.zone))),
                theme::quiet(),
            ));
        }
        lines.push(Line::from(status));
        lines.push(Line::default());
        if let Some(customer) = &view.customer {
            let phone = customer.phone.clone().unwrap_or_default();
            lines.push(Line::from(vec![
                Span::styled(format!("  {}", customer.name), theme::heading()),
                Span::raw(format!("   {phone}")),
            ]));
        }
        if let Some(location) = &view.location {
            let access = location.access_notes.as_ref().map(|notes| format!(" · {notes}")).unwrap_or_default();
            lines.push(Line::raw(format!("  {}{access}", location.address)));
        }
        if let Some(equipment) = &view.equipment {
            let model = equipment.model.as_ref().map(|model| format!(" · {model}")).unwrap_or_default();
            let serial = equipment.serial.as_ref().map(|serial| format!(" · serial {serial}")).unwrap_or_default();
            lines.push(Line::raw(format!("  {}{model}{serial}", equipment.name)));
        }
        if !view.crew.is_empty() {
            lines.push(Line::styled(format!("  with {}", view.crew.join(", ")), theme::quiet()));
        }
        for line in job.description.lines() {
            lines.push(Line::styled(format!("  {line}"), theme::quiet()));
        }
        let outcome = visit.outcome.as_ref().or(job.cancel_reason.as_ref());
        lines.extend(outcome.map(|outcome| Line::raw(format!("  “{outcome}”"))));
        lines
    }

    fn buttons(&self) -> Line<'static> {
        if self.view.buttons.is_empty() {
            return Line::styled("  Nothing to be done with this visit now.", theme::quiet());
        }
        let mut spans = vec![Span::raw("  ")];
        for (at, intent) in self.view.buttons.iter().enumerate() {
            let label = format!(" {} ", words::button(*intent));
            let style = if at == self.button { theme::pressed() } else { theme::heading() };
            spans.push(Span::styled(format!("{} ", at + 1), theme::key()));
            spans.push(Span::styled(label, style));
            spans.push(Span::raw("  "));
        }
        Line::from(spans)
    }

    fn parts(&self, around: Around<'_>) -> Vec<Line<'static>> {
        let answered = self.view.answered;
        let checklist = match (answered.asked, answered.blocking) {
            (0, _) => "none".to_owned(),
            (asked, 0) => format!("{} of {asked}", answered.done),
            (asked, open) => format!("{} of {asked}, {open} required open", answered.done),
        };
        let time = match &self.view.running {
            Some(entry) => format!("{} for {}", entry.kind, words::lasted(entry.started_at, around.now)),
            None => "not running".to_owned(),
        };
        let parts = [
            ("c", "checklist", checklist),
            ("o", "notes", words::count(self.view.notes, "note")),
            ("m", "materials", words::count(self.view.materials, "line")),
            ("t", "time", time),
        ];
        let line = |(key, name, state): (&'static str, &str, String)| {
            let name = Span::raw(format!(" {name:<12}"));
            Line::from(vec![Span::styled(format!("  {key}"), theme::key()), name, Span::styled(state, theme::quiet())])
        };
        parts.into_iter().map(line).collect()
    }

    fn history(&self) -> Vec<Line<'static>> {
        let zone = words::zone(&self.view.place.visit.zone);
        let skipped = self.view.events.len().saturating_sub(EVENTS_SHOWN);
        let line = |event: &satchel_domain::tables::VisitStatusEvent| {
            let reason = event.reason.as_ref().map(|reason| format!("  “{reason}”")).unwrap_or_default();
            Line::styled(
                format!(
                    "  {}  {} → {}{reason}",
                    words::clock(event.occurred_at, &zone),
                    words::plain(event.from_state.as_str()),
                    words::plain(event.to_state.as_str()),
                ),
                theme::quiet(),
            )
        };
        self.view.events.iter().skip(skipped).map(line).collect()
    }
}

impl Page for VisitScreen {
    fn title(&self, _around: Around<'_>) -> String {
        self.view.place.job.title.clone()
    }

    fn aside(&self, _around: Around<'_>) -> String {
        let job = &self.view.place.job;
        let number = job.number.as_ref().map(|number| format!(" · job {number}")).unwrap_or_default();
        format!("{}{number} · {}", job.priority, words::plain(job.state.as_str()))
    }

    fn hints(&self) -> Vec<Hint> {
        vec![("1…9", "button"), ("c o m t", "parts"), ("esc", "back")]
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, around: Around<'_>) {
        let mut lines = self.facts();
        lines.push(Line::default());
        lines.push(self.buttons());
        lines.push(Line::default());
        lines.extend(self.parts(around));
        lines.push(Line::default());
        lines.extend(self.history());
        frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), area);
    }

    fn press(&mut self, key: KeyCode, _around: Around<'_>) -> Tap {
        let visit: Id<_> = self.view.place.visit.id;
        match key {
            KeyCode::Left => self.button = self.button.saturating_sub(1),
            KeyCode::Right => self.button = (self.button + 1).min(self.view.buttons.len().saturating_sub(1)),
            KeyCode::Enter => return self.view.buttons.get(self.button).map_or(Tap::Stay, |intent| self.step(*intent)),
            KeyCode::Char(digit @ '1'..='9') => {
                let place = digit as usize - '1' as usize;
                return self.view.buttons.get(place).map_or(Tap::Stay, |intent| self.step(*intent));
            }
            KeyCode::Char('c') => return Tap::Open(Goto::Checklist(visit)),
            KeyCode::Char('o') => return Tap::Open(Goto::Notes(visit)),
            KeyCode::Char('m') => return Tap::Open(Goto::Materials(visit)),
            KeyCode::Char('t') => return Tap::Open(Goto::Time(visit)),
            _ => return Tap::Pass,
        }
        Tap::Stay
    }
}
