//! A visit's checklists.

use crossterm::event::KeyCode;
use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};
use satchel_domain::{
    rules::visit_state,
    tables::{AnswerKind, AnswerState},
};
use uuid::Uuid;

use super::{Action, Around, Goto, Hint, Page, Prompt, Purpose, Tap, list_step, marker, nothing, scrolled, spread};
use crate::{
    order::{At, Order},
    picker::Picker,
    theme,
    view::{Answered, ChecklistView, Place, Question},
};

/// See the module.
#[derive(Clone, Debug)]
pub struct ChecklistScreen {
    place: Place,
    answered: Answered,
    questions: Picker<Question>,
}

impl ChecklistScreen {
    /// Shows the checklists of a visit.
    pub fn new(view: ChecklistView) -> Self {
        Self { place: view.place, answered: view.answered, questions: Picker::new(view.questions) }
    }

    /// Shows them as they are now.
    pub fn renew(&mut self, view: ChecklistView) {
        (self.place, self.answered) = (view.place, view.answered);
        self.questions.replace(view.questions);
    }

    /// Where this is.
    pub fn place(&self) -> Goto {
        Goto::Checklist(self.place.visit.id)
    }

    fn ask(&self, question: &Question) -> Tap {
        let at = At::from(&self.place);
        let kind = question.item.answer_kind.clone();
        let hint = match kind {
            AnswerKind::YesNo => return self.answer(question, if given(question) == "yes" { "no" } else { "yes" }),
            // A terminal has no camera: enter stands for the shutter, the id for the picture.
            AnswerKind::Photo => return self.answer(question, &Uuid::now_v7().to_string()),
            AnswerKind::Number => "A number.",
            _ => "A text.",
        };
        let purpose = Purpose::Answer(at, question.answer.id, kind);
        Tap::Ask(Box::new(Prompt::new(question.item.prompt.clone(), hint, given(question), purpose)))
    }

    fn answer(&self, question: &Question, value: &str) -> Tap {
        let order = Order::answer(At::from(&self.place), question.answer.id, value.to_owned());
        Tap::Do(Action::Order(order))
    }
}

fn given(question: &Question) -> &str {
    question.answer.value.as_deref().unwrap_or_default()
}

impl Page for ChecklistScreen {
    fn title(&self, _around: Around<'_>) -> String {
        format!("Checklist · {}", self.place.job.title)
    }

    fn aside(&self, _around: Around<'_>) -> String {
        let Answered { asked, done, blocking } = self.answered;
        match blocking {
            0 => format!("{done} of {asked}"),
            open => format!("{done} of {asked}, {open} required open"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        vec![("enter", "answer"), ("y x", "yes, no"), ("-", "not applicable"), ("⌫", "clear"), ("esc", "back")]
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, _around: Around<'_>) {
        if self.questions.items().is_empty() {
            frame.render_widget(nothing("This visit has no checklist."), area);
            return;
        }
        let mut lines = Vec::new();
        let mut chosen_at = 0;
        let mut list = "";
        for (at, question) in self.questions.items().iter().enumerate() {
            if question.list != list {
                list = &question.list;
                lines.push(Line::styled(format!("  {list}"), theme::quiet()));
            }
            if at == self.questions.at() {
                chosen_at = lines.len();
            }
            lines.push(question_line(question, at == self.questions.at(), area.width));
        }
        frame.render_widget(ratatui::text::Text::from(scrolled(lines, chosen_at, 1, area.height)), area);
    }

    fn press(&mut self, key: KeyCode, _around: Around<'_>) -> Tap {
        if let Some(step) = list_step(key) {
            self.questions.step(step);
            return Tap::Stay;
        }
        let Some(question) = self.questions.chosen() else { return Tap::Pass };
        let at = At::from(&self.place);
        let open = visit_state::is_open(&self.place.visit.state);
        match key {
            KeyCode::Enter | KeyCode::Char('y' | 'x' | '-') | KeyCode::Backspace if !open => Tap::Stay,
            KeyCode::Enter => self.ask(question),
            KeyCode::Char(answer @ ('y' | 'x')) if question.item.answer_kind == AnswerKind::YesNo => {
                self.answer(question, if answer == 'y' { "yes" } else { "no" })
            }
            KeyCode::Char('-') => Tap::Do(Action::Order(Order::not_applicable(at, question.answer.id))),
            KeyCode::Backspace => Tap::Do(Action::Order(Order::clear(at, question.answer.id))),
            _ => Tap::Pass,
        }
    }
}

fn question_line(question: &Question, chosen: bool, width: u16) -> Line<'static> {
    let (mark, style) = match question.answer.state {
        AnswerState::Answered => ("✓ ", theme::good()),
        AnswerState::NotApplicable => ("– ", theme::quiet()),
        _ if question.item.required => ("○ ", theme::warn()),
        _ => ("· ", theme::quiet()),
    };
    let strong = if chosen { theme::selected() } else { Style::new() };
    let mut left = vec![marker(chosen), Span::styled(mark, style), Span::styled(question.item.prompt.clone(), strong)];
    let open = question.answer.state == AnswerState::Open;
    if open && question.item.required {
        left.push(Span::styled("  required", theme::warn()));
    }
    let value = match (&question.answer.state, &question.item.answer_kind) {
        (AnswerState::NotApplicable, _) => "does not apply".to_owned(),
        (AnswerState::Open, AnswerKind::YesNo) => "yes or no?".to_owned(),
        (AnswerState::Open, AnswerKind::Photo) => "photo: enter takes one".to_owned(),
        (AnswerState::Open, kind) => format!("{kind}?"),
        (_, AnswerKind::Photo) => "photo taken".to_owned(),
        _ => given(question).to_owned(),
    };
    spread(left, vec![Span::styled(value, if open { theme::quiet() } else { style })], width)
}
