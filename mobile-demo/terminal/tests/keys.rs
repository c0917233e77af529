//! What keys do.

mod samples;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use samples::*;
use satchel_domain::tables::{Visit, VisitState};
use satchel_protocol::Id;
use satchel_terminal::{
    app::{App, Effect, Loaded, Modal, Screen},
    screens::{Action, Goto},
};

fn opened(effect: Option<Effect>) -> Goto {
    match effect {
        Some(Effect::Open(goto)) => goto,
        other => panic!("opens nothing: {other:?}"),
    }
}

/// The mutation a key queues: its name and arguments.
fn ordered(effect: Option<Effect>) -> (&'static str, serde_json::Value) {
    match effect {
        Some(Effect::Act(Action::Order(order))) => {
            (order.name, serde_json::from_str(order.args.get()).expect("arguments are JSON"))
        }
        other => panic!("orders nothing: {other:?}"),
    }
}

fn control(app: &mut App, key: char) -> Option<Effect> {
    app.press(KeyEvent::new(KeyCode::Char(key), KeyModifiers::CONTROL))
}

#[test]
fn lists_open_what_is_chosen() {
    let mut app = app(Loaded::Day(day()), online());
    let visit: Id<Visit> = id(202);
    press(&mut app, KeyCode::Down);
    assert_eq!(opened(press(&mut app, KeyCode::Enter)), Goto::Visit(visit));
    assert_eq!(opened(press(&mut app, KeyCode::Right)), Goto::Day(1));
    assert_eq!(opened(press(&mut app, KeyCode::Char('w'))), Goto::Queue);
    assert_eq!(opened(press(&mut app, KeyCode::Char('a'))), Goto::Attention);
    assert!(matches!(press(&mut app, KeyCode::Char('n')), Some(Effect::Act(Action::ToggleNetwork))));
    assert!(matches!(press(&mut app, KeyCode::Char('q')), Some(Effect::Act(Action::Quit))));
}

#[test]
fn the_choice_survives_a_row_that_arrives_above_it() {
    let mut view = day();
    let late = view.visits.remove(0);
    let mut app = app(Loaded::Day(view.clone()), online());
    press(&mut app, KeyCode::Down);
    view.visits.insert(0, late);
    app.show(Loaded::Day(view));
    assert_eq!(opened(press(&mut app, KeyCode::Enter)), Goto::Visit(id(203)));
}

#[test]
fn a_visits_buttons_queue_its_steps() {
    let mut app = app(Loaded::Visit(Box::new(visit(VisitState::OnSite))), online());
    let (name, args) = ordered(press(&mut app, KeyCode::Char('1')));
    assert_eq!(name, "visit/v1/pause");
    assert_eq!(args["visit_id"], serde_json::json!(id::<Visit>(201)));
    assert!(press(&mut app, KeyCode::Char('9')).is_none(), "there is no ninth button");
    assert_eq!(opened(press(&mut app, KeyCode::Char('c'))), Goto::Checklist(id(201)));
    assert_eq!(opened(press(&mut app, KeyCode::Char('t'))), Goto::Time(id(201)));

    press(&mut app, KeyCode::Right);
    press(&mut app, KeyCode::Enter);
    type_text(&mut app, "igniter replaced");
    let (name, args) = ordered(press(&mut app, KeyCode::Enter));
    assert_eq!((name, &args["outcome"]), ("visit/v1/complete", &serde_json::json!("igniter replaced")));
}

#[test]
fn a_reason_that_is_needed_is_asked_for_until_it_is_there() {
    let mut app = app(Loaded::Visit(Box::new(visit(VisitState::OnSite))), online());
    press(&mut app, KeyCode::Char('4'));
    assert!(press(&mut app, KeyCode::Enter).is_none());
    assert!(drawn(&app, 90, 30).contains("Please enter a reason."));
    type_text(&mut app, "no key");
    assert_eq!(ordered(press(&mut app, KeyCode::Enter)).1["reason"], "no key");
    press(&mut app, KeyCode::Char('4'));
    press(&mut app, KeyCode::Esc);
    assert!(app.modal.is_none());
}

#[test]
fn checklist_items_are_answered_in_their_kind() {
    let mut app = app(Loaded::Checklist(checklist()), online());
    assert_eq!(ordered(press(&mut app, KeyCode::Enter)).1["value"], "no", "yes turns to no");
    assert_eq!(ordered(press(&mut app, KeyCode::Char('y'))).1["value"], "yes");
    assert_eq!(ordered(press(&mut app, KeyCode::Char('-'))).0, "checklist/v1/notApplicable");
    assert_eq!(ordered(press(&mut app, KeyCode::Backspace)).0, "checklist/v1/clear");
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Enter);
    type_text(&mut app, "x");
    assert!(press(&mut app, KeyCode::Enter).is_none(), "18.5x is no number");
    press(&mut app, KeyCode::Backspace);
    assert_eq!(ordered(press(&mut app, KeyCode::Enter)).1["value"], "18.5");
    press(&mut app, KeyCode::Down);
    let photo = ordered(press(&mut app, KeyCode::Enter)).1["value"].as_str().unwrap().parse::<uuid::Uuid>();
    assert!(photo.is_ok());
}

#[test]
fn an_ended_visits_checklist_takes_no_answers() {
    let mut view = checklist();
    view.place.visit.state = VisitState::Completed;
    let mut app = app(Loaded::Checklist(view), online());
    assert!(press(&mut app, KeyCode::Enter).is_none());
    assert!(press(&mut app, KeyCode::Char('y')).is_none());
}

#[test]
fn leaving_a_note_saves_it_and_waits_for_the_word() {
    let mut app = app(Loaded::Notes(notes()), online());
    app.show(Loaded::Note(note()));
    assert!(press(&mut app, KeyCode::Char('!')).is_none());
    assert!(press(&mut app, KeyCode::Char('q')).is_none(), "letters are text here");
    let Some(Effect::Act(Action::EditNote { base, text, .. })) = press(&mut app, KeyCode::Esc) else {
        panic!("does not save");
    };
    assert_eq!((base, text), (note().text, note().text + "!q"));
    app.note_saved(false);
    assert!(matches!(app.screen(), Screen::Note(_)), "a refused text stays on the screen");
    assert!(press(&mut app, KeyCode::Esc).is_some());
    app.note_saved(true);
    assert!(matches!(app.screen(), Screen::Notes(_)));
}

#[test]
fn saving_keeps_the_base_the_editing_began_with() {
    let mut app = app(Loaded::Note(note()), online());
    type_text(&mut app, "mine");
    let theirs = satchel_domain::tables::Note { text: "theirs".to_owned(), ..note() };
    app.show(Loaded::Note(theirs.clone()));
    let Some(Effect::Act(Action::EditNote { base, .. })) = control(&mut app, 's') else { panic!("does not save") };
    assert_eq!(base, note().text);
    app.note_saved(true);
    app.show(Loaded::Note(theirs));
    assert!(drawn(&app, 80, 24).contains("theirs"), "after saving, what the replica says is shown");
    type_text(&mut app, "dropped");
    assert!(control(&mut app, 'x').is_none());
}

#[test]
fn material_is_looked_up_added_and_corrected() {
    let mut app = app(Loaded::Materials(materials()), online());
    assert_eq!(opened(press(&mut app, KeyCode::Char('+'))), Goto::Search(at_visit()));
    app.show(offers());
    let Some(Effect::Act(Action::Search(text))) = press(&mut app, KeyCode::Char('n')) else { panic!("no search") };
    assert_eq!(text, "n", "letters are text here");
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Enter);
    type_text(&mut app, ".00001");
    assert!(press(&mut app, KeyCode::Enter).is_none(), "too fine");
    for _ in 0..4 {
        press(&mut app, KeyCode::Backspace);
    }
    type_text(&mut app, "5");
    let (name, args) = ordered(press(&mut app, KeyCode::Enter));
    assert_eq!((name, &args["quantity"]), ("material/v1/add", &serde_json::json!("1.050")));
    assert!(matches!(app.screen(), Screen::Materials(_)));

    press(&mut app, KeyCode::Backspace);
    assert!(matches!(app.modal, Some(Modal::Confirm(..))));
    assert!(press(&mut app, KeyCode::Char('x')).is_none());
    let (name, args) = ordered(press(&mut app, KeyCode::Char('y')));
    assert_eq!((name, &args["quantity"]), ("material/v1/correct", &serde_json::json!("0")));
}

#[test]
fn time_starts_and_stops() {
    let mut app = app(Loaded::Time(time(false)), online());
    let (name, args) = ordered(press(&mut app, KeyCode::Char('t')));
    assert_eq!((name, &args["kind"]), ("time/v1/start", &serde_json::json!("travel")));
    app.show(Loaded::Time(time(true)));
    assert_eq!(ordered(press(&mut app, KeyCode::Char('s'))).0, "time/v1/stop");
    assert!(press(&mut app, KeyCode::Char('b')).is_none(), "one at a time");
}

#[test]
fn refusals_are_sent_again_or_given_up_after_a_question() {
    let mut app = app(Loaded::Attention(refused()), online());
    assert!(matches!(press(&mut app, KeyCode::Char('r')), Some(Effect::Act(Action::Retry(_)))));
    assert!(press(&mut app, KeyCode::Char('u')).is_none());
    assert!(drawn(&app, 80, 24).contains("Give up “visit: complete”?"));
    assert!(matches!(press(&mut app, KeyCode::Char('y')), Some(Effect::Act(Action::Undo(_)))));
    app.show(Loaded::Queue(waiting()));
    press(&mut app, KeyCode::Char('u'));
    assert!(press(&mut app, KeyCode::Esc).is_none());
    assert!(app.modal.is_none());
}

#[test]
fn a_screen_closes_when_its_visit_leaves_the_phone() {
    let mut app = app(Loaded::Day(day()), online());
    app.show(Loaded::Visit(Box::new(visit(VisitState::OnSite))));
    app.gone();
    assert!(matches!(app.screen(), Screen::Day(_)));
    assert!(drawn(&app, 100, 24).contains("This has left your phone"));
}

#[test]
fn signing_in_takes_both_fields_then_an_organization() {
    let mut app = stranger();
    press(&mut app, KeyCode::Tab);
    assert!(press(&mut app, KeyCode::Enter).is_none(), "nothing typed yet");
    type_text(&mut app, "ana@cedar.example");
    press(&mut app, KeyCode::Enter);
    type_text(&mut app, "q?n");
    let Some(Effect::Act(Action::SignIn { email, password, org_id })) = press(&mut app, KeyCode::Enter) else {
        panic!("does not sign in");
    };
    assert_eq!((email.as_str(), password.as_str(), org_id), ("ana@cedar.example", "q?n", None));
    assert!(press(&mut app, KeyCode::Enter).is_none(), "one at a time");
}
