//! Pages: fills, repairs, scopes that come and go, and pages of other builds.

use satchel_client::store::{Progress, Readiness};
use satchel_protocol::{
    Cell, Id, Record, RowKey,
    table::REV,
    wire::{DeltaPage, PullRequest},
};
use uuid::Uuid;

use crate::{
    phone::{ORG, Phone, server, similar_rows},
    server::{Server, add},
    trade::*,
};

fn project(number: u128) -> Uuid {
    Uuid::from_u128(0x1000 + number)
}

fn task(number: u128) -> Uuid {
    Uuid::from_u128(0x2000 + number)
}

fn put<R: Record>(server: &mut Server, record: &R) {
    server.write(RowKey::of(record.id()), Some(record.to_row()));
}

fn new_task(number: u128, project_number: u128) -> Task {
    Task {
        id: Id::new(task(number)),
        rev: 0,
        project_id: project(project_number).into(),
        title: format!("task {number}"),
        state: "open".into(),
        points: 2,
        note: None,
    }
}

/// Two projects with `tasks` tasks each.
fn seeded(tasks: u128) -> Server {
    let mut server = server();
    for number in 0..2 {
        put(&mut server, &Project { id: Id::new(project(number)), rev: 0, title: "p".into(), done: false, total: 0 });
        server.visible.insert(project(number));
        (0..tasks).for_each(|task| put(&mut server, &new_task(number * tasks + task, number)));
    }
    server
}

#[test]
fn a_broken_fill_goes_on_where_it_broke() {
    let (mut phone, mut server) = (Phone::new(), seeded(1_500));
    server.page_rows = 1_200;
    assert_eq!(phone.store().readiness(), Readiness::Empty);
    let applied = phone.pull(&mut server, 1).unwrap();
    assert!(!applied.complete && applied.readiness_changed);
    assert_eq!(phone.store().readiness(), Readiness::Filling);
    assert_eq!(phone.store().progress(), Progress { rows_done: 1_200, rows_total: Some(3_002) });
    phone.reopen();
    assert_eq!(phone.store().progress().rows_done, 1_200);
    let request = phone.store().pull_request().unwrap();
    let resume = request.resume.as_ref().unwrap();
    assert_eq!((request.cursor, resume.scopes.len()), (None, 3));
    let applied = phone.pull(&mut server, 2).unwrap();
    assert!(applied.complete);
    assert_eq!(applied.readiness, Readiness::Checking, "no manifest has confirmed it");
    assert_eq!(phone.store().held_scopes(), vec![ORG, project(0), project(1)]);
    let applied = phone.pull(&mut server, 1).unwrap();
    assert_eq!((applied.readiness, applied.readiness_changed), (Readiness::Ready, true));
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}

#[test]
fn a_fill_the_server_forgot_is_repaired_by_checksums() {
    let (mut phone, mut server) = (Phone::new(), seeded(1_500));
    server.page_rows = 1_600;
    phone.pull(&mut server, 1);
    server.forget_passes();
    server.visible.remove(&project(0));
    server.page_rows = 100_000;
    phone.reopen();
    let applied = phone.pull(&mut server, 1).unwrap();
    assert!(applied.rows < 2_000, "what is here already is not sent again");
    assert_eq!(applied.readiness, Readiness::Ready);
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}

#[test]
fn a_manifest_that_differs_leads_to_repair() {
    let (phone, mut server) = (Phone::new(), seeded(3));
    phone.sync(&mut server);
    phone.store().forget_cursor().unwrap();
    let request = phone.store().pull_request().unwrap();
    assert_eq!(request.checksums["task"].len(), 2);
    let mut page: serde_json::Value = serde_json::from_str(&server.pull(&request).unwrap()).unwrap();
    page["manifest"]["task"]["sum"] = "1".into();
    let applied = phone.store().apply_page(&page.to_string()).unwrap();
    assert!(applied.mismatch && applied.complete);
    assert_eq!(applied.readiness, Readiness::Repairing);
    assert_eq!(phone.store().pull_request().unwrap().cursor, None);
    phone.sync(&mut server);
    assert_eq!(phone.store().readiness(), Readiness::Ready);
}

#[test]
fn a_fill_replaces_what_it_does_not_send() {
    let (phone, mut server) = (Phone::new(), seeded(3));
    phone.sync(&mut server);
    // Behind the feed's back.
    server.rows.remove(&RowKey::of(Id::<Task>::new(task(1))));
    phone.store().forget_cursor().unwrap();
    phone.sync(&mut server);
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}

#[test]
fn a_scope_that_leaves_takes_its_rows_but_not_the_queue() {
    let (phone, mut server) = (Phone::new(), seeded(3));
    phone.sync(&mut server);
    phone.queue(&Move { id: task(0), state: "busy".into() });
    phone.queue(&Rename { id: task(3), title: "kept".into() });
    server.visible.remove(&project(0));
    phone.pull(&mut server, 1);
    phone.check();
    assert!(phone.shown().keys().all(|key| key.id != task(0) && key.id != project(0)));
    let summary = phone.store().queue_summary();
    assert_eq!((summary.pending, summary.may_be_refused), (2, 1), "it is sent all the same");
    server.visible.insert(project(0));
    phone.pull(&mut server, 1);
    phone.check();
    assert_eq!(phone.store().queue_summary().may_be_refused, 0);
    assert_eq!(phone.shown()[&RowKey::of(Id::<Task>::new(task(0)))][4], Cell::from("busy"));
    phone.sync(&mut server);
    similar_rows(&phone.shown(), &server.seen());
}

/// Transactions in the write-ahead log since it was last emptied, as its format tells: the frame that ends one names the
/// size of the file.
fn commits(phone: &Phone) -> usize {
    let log = std::fs::read(phone.path().with_extension("db-wal")).unwrap();
    let number = |bytes: &[u8], at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    let frame_bytes = 24 + number(&log, 8) as usize;
    log[32..].chunks_exact(frame_bytes).filter(|frame| frame[8..16] == log[16..24] && number(frame, 4) != 0).count()
}

#[test]
fn a_large_scope_is_left_in_steps_between_which_taps_get_in() {
    const TASKS: u128 = 6_000;
    let (phone, mut server) = (Phone::new(), seeded(TASKS));
    phone.sync(&mut server);
    phone.queue(&Rename { id: task(1), title: "kept".into() });
    server.visible.remove(&project(0));
    let request = phone.request(&mut server);
    let page = server.pull(&request).unwrap();
    phone.store().checkpoint().unwrap();
    assert!(phone.store().apply_page(&page).unwrap().complete);
    // Whoever waits gets in between two transactions; each drops two thousand rows at most.
    assert!(commits(&phone) >= 3, "{} transactions", commits(&phone));
    assert!(phone.shown().keys().all(|key| key.id != task(0) && key.id != project(0)));
    phone.check();
    phone.sync(&mut server);
    similar_rows(&phone.shown(), &server.seen());
}

#[test]
fn a_small_scope_is_left_at_once() {
    let (phone, mut server) = (Phone::new(), seeded(300));
    phone.sync(&mut server);
    server.visible.remove(&project(0));
    let request = phone.request(&mut server);
    let page = server.pull(&request).unwrap();
    phone.store().checkpoint().unwrap();
    assert!(phone.store().apply_page(&page).unwrap().complete);
    assert_eq!(commits(&phone), 1);
    phone.check();
}

#[test]
fn a_large_scope_left_half_way_is_left_by_the_next_pass() {
    let (mut phone, mut server) = (Phone::new(), seeded(6_000));
    phone.sync(&mut server);
    phone.queue(&Rename { id: task(1), title: "kept".into() });
    server.visible.remove(&project(0));
    let request = phone.request(&mut server);
    let mut page: serde_json::Value = serde_json::from_str(&server.pull(&request).unwrap()).unwrap();
    // It breaks off when the scope's rows are gone and before its end: what was committed stays.
    page["tables"] = serde_json::json!([{ "table": "task", "columns": ["id", "rev"], "rows": [["no id", "1"]] }]);
    assert!(phone.store().apply_page(&page.to_string()).is_err());
    let rows = phone.shown().len();
    assert!(rows < 6_100, "{rows} rows are left of two projects");
    phone.reopen();
    assert!(phone.store().held_scopes().len() < 3, "the scope is not held while it is being left");
    phone.sync(&mut server);
    phone.check();
    similar_rows(&phone.shown(), &server.seen());
}

#[test]
fn pages_of_other_builds_are_understood() {
    let (phone, mut server) = (Phone::new(), seeded(1));
    phone.sync(&mut server);
    let page = format!(
        r#"{{"cursor":"c","news":1,"tables":[
            {{"table":"hologram","columns":["id"],"rows":[["x"]],"removed":["{a}"]}},
            {{"table":"project","columns":["mood","title","rev","id","done"],
              "rows":[["glad","new \"title\"","99","{a}",true]]}}]}}"#,
        a = project(0)
    );
    assert!(phone.store().apply_page(&page).unwrap().complete);
    let row = &phone.server_rows()[&RowKey::of(Id::<Project>::new(project(0)))];
    let title = Cell::from("new \"title\"");
    assert_eq!(row[REV..], [Cell::Integer(99), title, Cell::Boolean(true), Cell::Null]);
}

#[test]
fn a_page_that_comes_twice_is_harmless() {
    let (phone, mut server) = (Phone::new(), seeded(3));
    let page = server.pull(&phone.store().pull_request().unwrap()).unwrap();
    phone.store().apply_page(&page).unwrap();
    phone.store().apply_page(&page).unwrap();
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}

#[test]
fn a_row_that_changes_scope_is_counted_once() {
    let (phone, mut server) = (Phone::new(), seeded(3));
    phone.sync(&mut server);
    phone.queue(&Rename { id: task(1), title: "mine".into() });
    for number in [0, 1] {
        put(&mut server, &new_task(number, 1));
    }
    phone.pull(&mut server, 1);
    phone.check();
    phone.sync(&mut server);
    phone.check();
    similar_rows(&phone.shown(), &server.seen());
}

#[test]
fn rows_under_undecided_mutations_wait_for_the_end_of_a_pass() {
    let (phone, mut server) = (Phone::new(), seeded(3));
    phone.sync(&mut server);
    phone.queue(&Rename { id: task(0), title: "mine".into() });
    (0..6).for_each(|number| put(&mut server, &Task { points: 7, ..new_task(number, number / 3) }));
    server.page_rows = 4;
    phone.pull(&mut server, 1);
    phone.check();
    let points = |rows: Rows, number| rows[&RowKey::of(Id::<Task>::new(task(number)))][5].clone();
    assert_eq!(points(phone.shown(), 0), Cell::Integer(2));
    assert_eq!(points(phone.shown(), 1), Cell::Integer(7));
    phone.pull(&mut server, 1);
    assert_eq!(points(phone.shown(), 0), Cell::Integer(7));
    phone.check();
}

/// The last page brings what changed while the pass was under way.
#[test]
fn what_was_staged_does_not_undo_a_row_that_comes_again_in_its_pass() {
    let (phone, mut server) = (Phone::new(), seeded(3));
    phone.sync(&mut server);
    let row = RowKey::of(Id::<Task>::new(task(0)));
    for removed in [false, true] {
        let key = phone.queue(&Rename { id: task(0), title: "mine".into() });
        (0..3).for_each(|number| put(&mut server, &Task { title: "theirs".into(), ..new_task(number, 0) }));
        server.page_rows = 1;
        phone.pull(&mut server, 1);
        phone.store().undo(key).unwrap();
        phone.pull(&mut server, 1);
        let last = server.pull(&phone.store().pull_request().unwrap()).unwrap();
        let mut last: DeltaPage = serde_json::from_str(&last).unwrap();
        assert!(last.cursor.is_some(), "{last:?}");
        let newest = Task { title: "newest".into(), ..new_task(0, 0) };
        server.write(row, (!removed).then(|| newest.to_row()));
        add(&mut last, row, server.rows.get(&row).cloned());
        last.manifest = None;
        phone.store().apply_page(&serde_json::to_string(&last).unwrap()).unwrap();
        similar_rows(&phone.shown(), &server.seen());
        phone.sync(&mut server);
        assert_eq!(phone.store().divergences(), 0);
    }
}

/// A stream that lost a delta on its way would go on with the next: what the lost one brought would be missing for good, and
/// the effects of mutations that it contained would vanish with it.
#[test]
fn a_page_behind_a_gap_is_not_taken() {
    let (mut phone, mut server) = (Phone::new(), seeded(3));
    phone.sync(&mut server);
    phone.queue(&Rename { id: task(0), title: "mine".into() });
    phone.push(&mut server, 10);
    let from = phone.store().pull_request().unwrap();
    let lost: DeltaPage = serde_json::from_str(&server.pull(&from).unwrap()).unwrap();
    put(&mut server, &new_task(9, 0));
    let next = PullRequest { cursor: lost.cursor.clone(), ..from.clone() };
    let behind = server.pull(&next).unwrap();
    let (shown, summary) = (phone.shown(), phone.store().queue_summary());
    for _ in 0..2 {
        let applied = phone.store().apply_page(&behind).unwrap();
        assert!(applied.gap && !applied.complete && applied.rows == 0, "{applied:?}");
        assert_eq!((phone.shown(), phone.store().queue_summary()), (shown.clone(), summary));
        phone.reopen();
    }
    let again = phone.store().pull_request().unwrap();
    assert_eq!((again.cursor, again.resume), (from.cursor, None));
    phone.sync(&mut server);
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}

/// The same in the middle of a pass, where a replica stands at a mark.
#[test]
fn a_page_of_a_pass_behind_a_gap_is_not_taken() {
    let (phone, mut server) = (Phone::new(), seeded(3));
    server.page_rows = 2;
    phone.pull(&mut server, 1).unwrap();
    let second = phone.store().pull_request().unwrap();
    let lost: DeltaPage = serde_json::from_str(&server.pull(&second).unwrap()).unwrap();
    let mut third = second.clone();
    third.resume.as_mut().unwrap().token = lost.resume.clone().unwrap();
    assert!(phone.store().apply_page(&server.pull(&third).unwrap()).unwrap().gap);
    assert_eq!(phone.store().progress().rows_done, 2);
    phone.sync(&mut server);
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}

/// Pulls that are made anew over a stream may be crossed by a delta. Their answers bring that once more: harmless, but only once.
#[test]
fn answers_to_pulls_that_a_delta_crossed_are_taken() {
    let (phone, mut server) = (Phone::new(), seeded(3));
    phone.sync(&mut server);
    let title = |title: &str| Task { title: title.into(), ..new_task(0, 0) };
    let first = phone.store().pull_request().unwrap();
    put(&mut server, &title("crossing"));
    let crossing = server.pull(&first).unwrap();
    assert!(phone.store().apply_page(&crossing).unwrap().complete);
    let second = phone.store().pull_request().unwrap();
    put(&mut server, &title("first"));
    let first = server.pull(&first).unwrap();
    put(&mut server, &title("second"));
    let second = server.pull(&second).unwrap();
    // A refused entry in between changes nothing about it.
    assert!(phone.store().undo(Uuid::nil()).is_err());
    for page in [&first, &second] {
        assert!(phone.store().apply_page(page).unwrap().complete);
    }
    similar_rows(&phone.shown(), &server.seen());
    for late in [&crossing, &first, &second] {
        assert!(phone.store().apply_page(late).unwrap().gap, "it would take back what is newer");
    }
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}

/// The server would take a scope for held that the crossing delta took away.
#[test]
fn an_answer_is_not_taken_over_other_scopes_than_were_stated() {
    let (phone, mut server) = (Phone::new(), seeded(3));
    phone.sync(&mut server);
    let asked = phone.store().pull_request().unwrap();
    server.visible.remove(&project(0));
    assert!(phone.store().apply_page(&server.pull(&asked).unwrap()).unwrap().complete);
    server.visible.insert(project(0));
    let answer = server.pull(&asked).unwrap();
    assert!(phone.store().apply_page(&answer).unwrap().gap);
    phone.sync(&mut server);
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}

#[test]
fn what_was_asked_before_a_pass_was_given_up_is_not_taken_behind_it() {
    let (phone, mut server) = (Phone::new(), seeded(3));
    server.page_rows = 2;
    phone.pull(&mut server, 1).unwrap();
    let second = server.pull(&phone.store().pull_request().unwrap()).unwrap();
    phone.store().forget_pass().unwrap();
    assert!(phone.store().apply_page(&second).unwrap().gap);
    phone.sync(&mut server);
    similar_rows(&phone.shown(), &server.seen());
    phone.check();
}
