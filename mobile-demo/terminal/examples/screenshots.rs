//! Prints the screens as text, for `docs/terminal.md`:
//! `cargo run -p satchel-terminal --example screenshots > docs/terminal.md`.

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::io::Write as _;

use crossterm::event::KeyCode;
use samples::*;
use satchel_domain::tables::VisitState;
use satchel_terminal::app::{App, Loaded};

/// Columns of a screenshot.
const WIDTH: u16 = 92;
/// What stands before the screens.
const BEFORE: &str = include_str!("screenshots/before.md");
/// What stands after them.
const AFTER: &str = include_str!("screenshots/after.md");

fn main() -> std::io::Result<()> {
    let mut help = app(Loaded::Day(day()), online());
    press(&mut help, KeyCode::Char('?'));
    let mut basement = day();
    basement.visits.truncate(2);
    let mut search = app(Loaded::Materials(materials()), online());
    search.show(offers());
    let screens: Vec<(&str, App, u16)> = vec![
        ("Signing in", stranger(), 20),
        ("The first sync", app(Loaded::Day(basement), first_sync()), 15),
        ("The day", app(Loaded::Day(day()), online()), 20),
        ("A visit, in the basement", app(Loaded::Visit(Box::new(visit(VisitState::OnSite))), in_the_basement()), 25),
        ("Its checklist", app(Loaded::Checklist(checklist()), online()), 15),
        ("A note, edited while somebody else writes", note_with_news(), 14),
        ("Its materials", app(Loaded::Materials(materials()), online()), 11),
        ("The pricebook", search, 14),
        ("The technician's time", app(Loaded::Time(time(true)), online()), 11),
        ("What waits", app(Loaded::Queue(waiting()), in_the_basement()), 15),
        ("What needs attention", app(Loaded::Attention(refused()), in_the_basement()), 15),
        ("Help", help, 21),
    ];
    let mut output = std::io::stdout().lock();
    write!(output, "{BEFORE}")?;
    for (title, app, height) in screens {
        write!(output, "\n### {title}\n\n```text\n{}```\n", drawn(&app, WIDTH, height))?;
    }
    write!(output, "\n{AFTER}")
}

fn note_with_news() -> App {
    let mut app = app(Loaded::Note(note()), online());
    type_text(&mut app, " Ran for an hour.");
    let mut theirs = note();
    theirs.text.push_str("\nOffice: the part is on warranty.");
    app.show(Loaded::Note(theirs));
    app
}
