//! A line of text that is asked for, and yes-or-no questions.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Position},
    text::{Line, Span},
    widgets::{Clear, Paragraph, Wrap},
};
use rust_decimal::Decimal;
use satchel_domain::{
    rules::{quantity, visit_state::Intent},
    tables::{AnswerKind, ChecklistAnswer, Job, MaterialUsed, PricebookItem},
};
use satchel_protocol::Id;

use super::{
    Action,
    help::{middle, panel},
};
use crate::{
    edit::Text,
    order::{At, Order},
    theme,
};

/// What the line is for.
#[derive(Clone, Debug)]
pub enum Purpose {
    /// Reason or outcome of a visit's step.
    Step(At, Intent),
    /// Answer to a checklist item.
    Answer(At, Id<ChecklistAnswer>, AnswerKind),
    /// Title of a new note.
    NoteTitle(Id<Job>),
    /// How much of this is added.
    Add(At, Box<PricebookItem>),
    /// How much it really was.
    Correct(At, Id<MaterialUsed>),
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What is asked.
    pub title: String,
    /// How to answer it.
    pub hint: String,
    /// What is typed.
    pub input: Text,
    /// What it is for.
    pub purpose: Purpose,
    /// Why the last enter was not taken.
    pub wrong: Option<String>,
}

impl Prompt {
    /// Asks for a line.
    pub fn new(title: impl Into<String>, hint: impl Into<String>, given: &str, purpose: Purpose) -> Self {
        Self { title: title.into(), hint: hint.into(), input: Text::line(given), purpose, wrong: None }
    }

    /// Asks for the reason or outcome of a step that takes one; none for the others.
    pub fn for_step(at: At, intent: Intent) -> Option<Self> {
        let (title, hint) = match intent {
            Intent::Complete => ("What was done?", "May be left empty."),
            Intent::CompletePartially => ("What was done, and what is left?", "May be left empty."),
            Intent::CannotComplete => ("Why can it not be completed?", "The office reads this."),
            Intent::Decline => ("Why not?", "May be left empty. The office plans the visit again."),
            Intent::Cancel => ("Why is it canceled?", "The technician reads this."),
            _ => return None,
        };
        Some(Self::new(title, hint, "", Purpose::Step(at, intent)))
    }

    /// What enter does, or what is wrong with the line. Whatever the rules check is left to them.
    pub fn submit(&self) -> Result<Action, String> {
        let text = self.input.text().trim().to_owned();
        let order = match &self.purpose {
            Purpose::Step(at, intent) => {
                let needed = matches!(intent, Intent::CannotComplete | Intent::Cancel);
                if needed && text.is_empty() {
                    return Err("Please enter a reason.".to_owned());
                }
                Order::step(*at, *intent, Some(text).filter(|text| !text.is_empty()))
            }
            Purpose::Answer(_, _, AnswerKind::Number) if text.parse::<Decimal>().is_err() => {
                return Err("Please enter a number, like 12.5.".to_owned());
            }
            Purpose::Answer(at, answer, _) => Order::answer(*at, *answer, text),
            Purpose::NoteTitle(job) => Order::note(*job, text),
            Purpose::Add(at, item) => Order::add(*at, item, amount(&text)?),
            Purpose::Correct(at, material) => Order::correct(*at, *material, amount(&text)?),
        };
        Ok(Action::Order(order))
    }
}

fn amount(text: &str) -> Result<Decimal, String> {
    let number: Decimal = text.parse().map_err(|_| "Please enter a quantity, like 2.5.".to_owned())?;
    quantity::checked(number).map_err(|rejection| rejection.message)
}

pub(super) fn draw(frame: &mut Frame<'_>, prompt: &Prompt) {
    let area = middle(frame.area(), 70, 8);
    let block = panel(&prompt.title);
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    let [line, _, hint] =
        Layout::vertical([Constraint::Length(1), Constraint::Length(1), Constraint::Fill(1)]).areas(inner);
    let (text, column) = prompt.input.window(line.width.saturating_sub(2), false);
    frame.render_widget(Line::from(vec![Span::styled("› ", theme::key()), Span::raw(text)]), line);
    frame.set_cursor_position(Position::new(line.x + 2 + column, line.y));
    let below = match &prompt.wrong {
        Some(wrong) => Line::styled(wrong.clone(), theme::bad()),
        None => Line::styled(format!("{} Enter takes it, esc drops it.", prompt.hint), theme::quiet()),
    };
    frame.render_widget(Paragraph::new(below).wrap(Wrap { trim: true }), hint);
}

pub(super) fn draw_question(frame: &mut Frame<'_>, question: &str) {
    let area = middle(frame.area(), 64, 8);
    frame.render_widget(Clear, area);
    let keys = vec![
        Span::styled("y", theme::key()),
        Span::styled(" yes   ", theme::quiet()),
        Span::styled("esc", theme::key()),
        Span::styled(" no", theme::quiet()),
    ];
    let lines = vec![Line::raw(question.to_owned()), Line::default(), Line::from(keys)];
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: true }).block(panel("Sure?")), area);
}
