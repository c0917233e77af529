//! Every screen, drawn: the facts a person needs are on it.

mod samples;

use crossterm::event::KeyCode;
use ratatui::{Terminal, backend::TestBackend};
use samples::*;
use satchel_client::store::Readiness;
use satchel_domain::tables::VisitState;
use satchel_terminal::{
    app::{App, Loaded},
    screens::HELP,
    view::{Link, SyncView},
};

const WIDTH: u16 = 100;
const HEIGHT: u16 = 30;

/// Asserts that all facts stand on the screen.
fn shows(app: &App, facts: &[&str]) {
    let screen = drawn(app, WIDTH, HEIGHT);
    for fact in facts {
        assert!(screen.contains(fact), "{fact:?} is not on\n{screen}");
    }
}

#[test]
fn the_day_lists_its_visits() {
    let app = app(Loaded::Day(day()), online());
    shows(
        &app,
        &[
            "Ana Torres · Cedar Heating & Air",
            "08:30", // The branch's clock.
            "Today, Saturday 21 November",
            "4 visits, 1 ended",
            "08:00–09:30    on site              Furnace does not start",
            "! emergency",
            "Rosa Alvarez · 12 Elm Street",
            "checklist 2 of 5",
            "Thermostat blank",
        ],
    );
}

#[test]
fn an_empty_day_says_so() {
    let mut view = day();
    view.visits.clear();
    view.offset = 1;
    shows(&app(Loaded::Day(view), online()), &["Tomorrow", "No visits on this day.", "0 visits"]);
}

#[test]
fn a_long_day_scrolls_to_the_chosen_visit() {
    let mut view = day();
    let visits = view.visits.clone();
    view.visits = (0..40)
        .map(|number| {
            let mut line = visits[number % visits.len()].clone();
            line.place.visit.id = id(2_000 + number as u128);
            line.place.job.title = format!("Job {number}.");
            line
        })
        .collect();
    let mut app = app(Loaded::Day(view), online());
    assert!(!drawn(&app, 80, 24).contains("Job 39."));
    press(&mut app, KeyCode::End);
    assert!(drawn(&app, 80, 24).contains("Job 39."));
}

#[test]
fn a_visit_shows_what_its_state_allows_and_no_more() {
    let on_site = app(Loaded::Visit(Box::new(visit(VisitState::OnSite))), online());
    shows(
        &on_site,
        &[
            "Furnace does not start",
            "emergency · job 1041 · in progress",
            "on site, arrived 08:08",
            "Rosa Alvarez",
            "12 Elm Street · gate code 4411",
            "Gas furnace · Carrier 59SC5 · serial 4411-B",
            "with Ana Torres, Ben Ito",
            "No heat since last night.",
            "1  Pause ",
            "2  Complete ",
            "3  Complete in part ",
            "4  Cannot complete",
            "2 of 5, 2 required open",
            "work for 20 min",
            "07:40  accepted → traveling",
        ],
    );
    let screen = drawn(&on_site, WIDTH, HEIGHT);
    assert!(!screen.contains("Accept") && !screen.contains("Cancel"), "{screen}");
    let dispatched = drawn(&app(Loaded::Visit(Box::new(visit(VisitState::Dispatched))), online()), WIDTH, HEIGHT);
    assert!(dispatched.contains("1  Accept ") && !dispatched.contains("Pause"), "{dispatched}");
    shows(&app(Loaded::Visit(Box::new(visit(VisitState::Canceled))), online()), &["Nothing to be done"]);
}

#[test]
fn the_checklist_shows_questions_and_answers() {
    shows(
        &app(Loaded::Checklist(checklist()), online()),
        &[
            "2 of 5, 1 required open",
            "Gas furnace service",
            "✓ Gas supply shut off?",
            "18.5",
            "○ Photo of the burner  required",
            "photo: enter takes one",
            "text?",
            "yes or no?",
        ],
    );
}

#[test]
fn notes_are_listed_and_edited() {
    shows(&app(Loaded::Notes(notes()), online()), &["Access and findings", "Key is with the neighbour"]);
    let mut open = app(Loaded::Note(note()), online());
    shows(&open, &["Note · Access and findings", "Igniter cracked", "saved"]);
    type_text(&mut open, " Ran for an hour.");
    shows(&open, &["from the truck. Ran for an hour.", "not saved"]);
    let mut theirs = note();
    theirs.text.push_str("\nOffice: part is on warranty.");
    open.show(Loaded::Note(theirs));
    shows(&open, &["Ran for an hour.", "Somebody else has written here meanwhile"]);
}

#[test]
fn materials_and_the_pricebook_show_quantities_and_prices() {
    shows(
        &app(Loaded::Materials(materials()), online()),
        &["Hot surface igniter 120 V", "1 each  at     $89.50", "2.5 foot  at      $3.20", "2 lines"],
    );
    let mut search = app(offers(), online());
    shows(&search, &["Add material", "IGN-120", "$89.50 a each", "3 found"]);
    press(&mut search, KeyCode::Enter);
    shows(&search, &["Hot surface igniter 120 V", "How much, in units of one each.", "› 1"]);
    search.modal = None;
    search.show(Loaded::Search(at_visit(), Vec::new()));
    shows(&search, &["Nothing in the pricebook has all these words."]);
}

#[test]
fn time_shows_what_runs() {
    shows(
        &app(Loaded::Time(time(true)), online()),
        &["work for 20 min", "07:40–08:08  travel", "28 min", "08:10–now    work", "s stop"],
    );
    shows(&app(Loaded::Time(time(false)), online()), &["not running", "08:10–09:00  work", "t start travel"]);
}

#[test]
fn the_queue_shows_where_everything_stands() {
    shows(
        &app(Loaded::Queue(waiting()), in_the_basement()),
        &[
            "3 entries",
            "checklist: answer  Furnace does not start",
            "being sent",
            "on this phone",
            "visit: complete",
            "may be refused: This visit was canceled.",
        ],
    );
    shows(&app(Loaded::Queue(Vec::new()), online()), &["Nothing waits"]);
}

#[test]
fn the_attention_list_tells_why() {
    shows(
        &app(Loaded::Attention(refused()), online()),
        &[
            "visit: complete  Thermostat blank",
            "visit.closed",
            "If work was done, please tell the",
            "r send again",
            "u give up",
        ],
    );
    shows(&app(Loaded::Attention(Vec::new()), online()), &["Nothing needs you"]);
}

#[test]
fn the_state_of_sync_is_on_every_screen() {
    for loaded in [
        Loaded::Day(day()),
        Loaded::Visit(Box::new(visit(VisitState::OnSite))),
        Loaded::Checklist(checklist()),
        Loaded::Notes(notes()),
        Loaded::Note(note()),
        Loaded::Materials(materials()),
        offers(),
        Loaded::Time(time(true)),
        Loaded::Queue(waiting()),
        Loaded::Attention(refused()),
    ] {
        let basement = app(loaded, in_the_basement());
        let facts =
            ["○ offline: cut with n", "↑ 3 to send", "(1 may be refused)", "! 1 needs attention", "synced 25 min ago"];
        shows(&basement, &facts);
    }
    shows(&app(Loaded::Day(day()), online()), &["● online: WebSocket", "nothing to send", "in sync"]);
    let connecting = SyncView { link: Link::Connecting, why: "the server did not answer".to_owned(), ..online() };
    shows(&app(Loaded::Day(day()), connecting), &["◌ connecting: the server did not answer"]);
    let stuck = SyncView { link: Link::Stuck, why: "please sign in again".to_owned(), ..online() };
    shows(&app(Loaded::Day(day()), stuck), &["■ needs you: please sign in again", "i sign in"]);
    let repairing = SyncView { readiness: Readiness::Repairing, ..online() };
    shows(&app(Loaded::Day(day()), repairing), &["comparing with the server"]);
}

#[test]
fn a_first_sync_has_a_progress_bar() {
    let day = || Loaded::Day(day());
    shows(&app(day(), first_sync()), &["First sync: 14,000 of about 28,012 rows", "━━━", "───", "never synced"]);
    let empty = SyncView { readiness: Readiness::Empty, ..first_sync() };
    let mut nothing = samples::day();
    nothing.visits.clear();
    let facts = ["First sync: nothing received yet", "The visits are on their way to this phone."];
    shows(&app(Loaded::Day(nothing), empty), &facts);
    let checking = SyncView { readiness: Readiness::Checking, ..first_sync() };
    shows(&app(day(), checking), &["rows here, comparing with the server"]);
    assert!(!drawn(&app(day(), online()), WIDTH, HEIGHT).contains("First sync"));
}

#[test]
fn signing_in_hides_the_password_and_offers_organizations() {
    let mut app = stranger();
    shows(&app, &["Sign in", "http://127.0.0.1:7410", "e-mail", "password"]);
    type_text(&mut app, "ana@cedar.example");
    press(&mut app, KeyCode::Tab);
    type_text(&mut app, "correct horse");
    shows(&app, &["ana@cedar.example", "•••••••••••••"]);
    assert!(!drawn(&app, WIDTH, HEIGHT).contains("horse"));
}

#[test]
fn help_names_every_key() {
    let mut app = app(Loaded::Day(day()), online());
    press(&mut app, KeyCode::Char('?'));
    let does: Vec<&str> = HELP.iter().map(|(_, does)| *does).collect();
    shows(&app, &does);
    press(&mut app, KeyCode::Char('x'));
    assert!(!drawn(&app, WIDTH, HEIGHT).contains("Help"));
}

#[test]
fn no_size_of_terminal_breaks_a_screen() {
    let screens = [
        app(Loaded::Day(day()), first_sync()),
        app(Loaded::Visit(Box::new(visit(VisitState::OnSite))), in_the_basement()),
        app(Loaded::Checklist(checklist()), online()),
        app(Loaded::Note(note()), online()),
        app(offers(), online()),
        app(Loaded::Time(time(true)), online()),
        app(Loaded::Queue(waiting()), online()),
        app(Loaded::Attention(refused()), online()),
        stranger(),
    ];
    for (width, height) in [(1, 1), (3, 40), (20, 8), (40, 3), (79, 23), (300, 90)] {
        for mut app in screens.clone() {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            terminal.draw(|frame| satchel_terminal::screens::draw(frame, &app)).unwrap();
            press(&mut app, KeyCode::Char('?'));
            terminal.draw(|frame| satchel_terminal::screens::draw(frame, &app)).unwrap();
        }
    }
}
