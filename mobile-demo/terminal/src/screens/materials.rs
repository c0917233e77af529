//! Material used on a visit.

use crossterm::event::KeyCode;
use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};
use rust_decimal::Decimal;

use super::{Action, Around, Goto, Hint, Page, Prompt, Purpose, Tap, list_step, marker, nothing, scrolled, spread};
use crate::{
    order::{At, Order},
    picker::Picker,
    theme,
    view::{Material, MaterialsView, Place},
    words,
};

/// See the module.
#[derive(Clone, Debug)]
pub struct MaterialsScreen {
    place: Place,
    materials: Picker<Material>,
}

impl MaterialsScreen {
    /// Shows the materials.
    pub fn new(view: MaterialsView) -> Self {
        Self { place: view.place, materials: Picker::new(view.materials) }
    }

    /// Shows them as they are now.
    pub fn renew(&mut self, view: MaterialsView) {
        self.place = view.place;
        self.materials.replace(view.materials);
    }

    /// Where this is.
    pub fn place(&self) -> Goto {
        Goto::Materials(self.place.visit.id)
    }
}

impl Page for MaterialsScreen {
    fn title(&self, _around: Around<'_>) -> String {
        format!("Materials · {}", self.place.job.title)
    }

    fn aside(&self, _around: Around<'_>) -> String {
        words::count(self.materials.items().len(), "line")
    }

    fn hints(&self) -> Vec<Hint> {
        vec![("+", "add"), ("enter", "correct"), ("⌫", "remove"), ("esc", "back")]
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, around: Around<'_>) {
        if self.materials.items().is_empty() {
            frame.render_widget(nothing("Nothing used yet: + looks in the pricebook."), area);
            return;
        }
        let currency = around.who.map(|who| who.currency.as_str()).unwrap_or_default();
        let line = |(at, material): (usize, &Material)| {
            let chosen = at == self.materials.at();
            let strong = if chosen { theme::selected() } else { Style::new() };
            let left = vec![marker(chosen), Span::styled(material.used.name.clone(), strong)];
            let price = words::money(material.used.unit_price_cents, currency);
            let right = vec![
                Span::styled(words::quantity(material.used.quantity, &material.unit), strong),
                Span::styled(format!("  at {price:>10}"), theme::quiet()),
            ];
            spread(left, right, area.width)
        };
        let lines: Vec<Line<'static>> = self.materials.items().iter().enumerate().map(line).collect();
        frame.render_widget(ratatui::text::Text::from(scrolled(lines, self.materials.at(), 1, area.height)), area);
    }

    fn press(&mut self, key: KeyCode, _around: Around<'_>) -> Tap {
        if let Some(step) = list_step(key) {
            self.materials.step(step);
            return Tap::Stay;
        }
        let at = At::from(&self.place);
        match (key, self.materials.chosen()) {
            (KeyCode::Char('+'), _) => Tap::Open(Goto::Search(at)),
            (KeyCode::Enter, Some(material)) => {
                let given = material.used.quantity.normalize().to_string();
                let hint = format!("How many {} it really was; 0 removes the line.", material.unit);
                let purpose = Purpose::Correct(at, material.used.id);
                Tap::Ask(Box::new(Prompt::new(material.used.name.clone(), hint, &given, purpose)))
            }
            (KeyCode::Backspace | KeyCode::Delete, Some(material)) => {
                let order = Order::correct(at, material.used.id, Decimal::ZERO);
                Tap::Confirm(format!("Remove {} from this visit?", material.used.name), Action::Order(order))
            }
            _ => Tap::Pass,
        }
    }
}
