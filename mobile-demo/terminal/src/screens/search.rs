//! The pricebook, searched as one types.

use crossterm::event::KeyCode;
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Position, Rect},
    style::Style,
    text::{Line, Span},
};

use super::{Action, Around, Goto, Hint, Page, Prompt, Purpose, Tap, marker, nothing, scrolled, spread};
use crate::{
    edit::Text,
    order::At,
    picker::Picker,
    theme,
    view::{Offer, SEARCH_ROWS},
    words,
};

/// See the module.
#[derive(Clone, Debug)]
pub struct SearchScreen {
    at: At,
    text: Text,
    offers: Picker<Offer>,
}

impl SearchScreen {
    /// Begins a search.
    pub fn new(at: At, offers: Vec<Offer>) -> Self {
        Self { at, text: Text::line(""), offers: Picker::new(offers) }
    }

    /// Shows what was found.
    pub fn renew(&mut self, offers: Vec<Offer>) {
        self.offers.replace(offers);
    }

    /// What is searched for.
    pub fn text(&self) -> String {
        self.text.text()
    }

    /// Where this is.
    pub fn place(&self) -> Goto {
        Goto::Search(self.at)
    }
}

impl Page for SearchScreen {
    fn title(&self, _around: Around<'_>) -> String {
        "Add material".to_owned()
    }

    fn aside(&self, _around: Around<'_>) -> String {
        match self.offers.items().len() {
            SEARCH_ROWS => format!("the first {SEARCH_ROWS}"),
            found => format!("{found} found"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        vec![("type", "code or name"), ("↑ ↓", "choose"), ("enter", "how much"), ("esc", "back")]
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, around: Around<'_>) {
        let [line, _, area] =
            Layout::vertical([Constraint::Length(1), Constraint::Length(1), Constraint::Fill(1)]).areas(area);
        let (text, column) = self.text.window(line.width.saturating_sub(2), false);
        frame.render_widget(Line::from(vec![Span::styled("› ", theme::key()), Span::raw(text)]), line);
        frame.set_cursor_position(Position::new(line.x + 2 + column, line.y));
        if self.offers.items().is_empty() {
            frame.render_widget(nothing("Nothing in the pricebook has all these words."), area);
            return;
        }
        let currency = around.who.map(|who| who.currency.as_str()).unwrap_or_default();
        let offer_line = |(at, Offer(item)): (usize, &Offer)| {
            let chosen = at == self.offers.at();
            let strong = if chosen { theme::selected() } else { Style::new() };
            let code = Span::styled(format!("{:<12} ", item.code), theme::quiet());
            let price = format!("{} a {}", words::money(item.price_cents, currency), item.unit);
            let left = vec![marker(chosen), code, Span::styled(item.name.clone(), strong)];
            spread(left, vec![Span::styled(price, theme::quiet())], area.width)
        };
        let lines: Vec<Line<'static>> = self.offers.items().iter().enumerate().map(offer_line).collect();
        frame.render_widget(ratatui::text::Text::from(scrolled(lines, self.offers.at(), 1, area.height)), area);
    }

    fn press(&mut self, key: KeyCode, _around: Around<'_>) -> Tap {
        match key {
            KeyCode::Up => self.offers.step(-1),
            KeyCode::Down => self.offers.step(1),
            KeyCode::PageUp => self.offers.step(-10),
            KeyCode::PageDown => self.offers.step(10),
            KeyCode::Enter => {
                let Some(Offer(item)) = self.offers.chosen() else { return Tap::Stay };
                let purpose = Purpose::Add(self.at, Box::new(item.clone()));
                let hint = format!("How much, in units of one {}.", item.unit);
                return Tap::Ask(Box::new(Prompt::new(item.name.clone(), hint, "1", purpose)));
            }
            _ => {
                let before = self.text.text();
                return match self.text.press(key) {
                    false => Tap::Pass,
                    true if self.text.text() == before => Tap::Stay,
                    true => Tap::Do(Action::Search(self.text.text())),
                };
            }
        }
        Tap::Stay
    }

    fn typing(&self) -> bool {
        true
    }
}
