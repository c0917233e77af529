//! Notes as rows.

use satchel_domain::{mutations::*, notes, tables::*};

use crate::support::*;

const NOTE: satchel_protocol::Id<Note> = satchel_protocol::Id::new(uuid::Uuid::from_u128(0x107e));

fn world() -> World {
    let mut world = World::dispatched();
    let create = CreateNote { job_id: JOB, note_id: NOTE, title: "Access".into() };
    world.run(&technician(ALICE), &create).unwrap();
    world
}

fn changes(world: &World) -> Vec<Vec<u8>> {
    world.all::<NoteChange>().into_iter().map(|change| change.change).collect()
}

fn edit(world: &World, text: &str, actor: u8) -> EditNote {
    let edit = notes::edit(&changes(world), text, [actor; 16]).unwrap();
    EditNote { job_id: JOB, note_id: NOTE, changes: edit.to_args() }
}

#[test]
fn phone_and_office_write_at_once() {
    let mut world = world();
    let first = edit(&world, "Key at the neighbour's.", 1);
    world.run(&technician(ALICE), &first).unwrap();
    let phone = edit(&world, "Key at the neighbour's. Beware of the dog.", 2);
    let office = edit(&world, "Gate code 12. Key at the neighbour's.", 3);
    world.run(&dispatcher(), &office).unwrap();
    assert_eq!(world.run(&technician(ALICE), &phone).unwrap().fresh, 1);
    let text = "Gate code 12. Key at the neighbour's. Beware of the dog.";
    assert_eq!(world.get(NOTE).text, text);
    assert_eq!(notes::materialise(&changes(&world)).unwrap(), text);
    assert_eq!(world.run(&technician(ALICE), &phone).unwrap().fresh, 0, "sent twice, stored once");
    assert_eq!(world.all::<NoteChange>().len(), 3);
}

#[test]
fn an_edit_on_a_missing_one_is_sent_back_for_rebase() {
    let mut world = world();
    let mut ahead = world.clone();
    let lost = edit(&ahead, "One.", 1);
    ahead.run(&technician(ALICE), &lost).unwrap();
    let orphan = edit(&ahead, "One. Two.", 2);
    assert_eq!(world.refusal(&technician(ALICE), &orphan), "note.rebase");
    let again = notes::rebase("One.", "One. Two.", &changes(&world), [3; 16]).unwrap();
    let again = EditNote { changes: again.to_args(), ..orphan };
    world.run(&technician(ALICE), &again).unwrap();
    assert_eq!(world.get(NOTE).text, " Two.");
}

#[test]
fn bad_edits_are_refused() {
    let mut world = world();
    let with = |changes: Vec<String>| EditNote { job_id: JOB, note_id: NOTE, changes };
    let cases = [
        (with(vec![]), "note.nothing_to_change"),
        (with(vec!["not base64!".into()]), "note.malformed"),
        (with(vec!["AAAA".into()]), "note.malformed"),
        (with(vec!["AAAA".into(); 17]), "note.change_too_large"),
        (with(vec!["A".repeat(90_000)]), "note.change_too_large"),
        (EditNote { note_id: id(404), ..edit(&world, "text", 1) }, "note.not_found"),
    ];
    for (edit, reason) in cases {
        assert_eq!(world.refusal(&technician(ALICE), &edit), reason);
    }
    let fine = edit(&world, "text", 1);
    assert_eq!(world.refusal(&technician(BOB), &fine), "job.not_assigned");
    world.run(&dispatcher(), &create_job(id(0x20b))).unwrap();
    assert_eq!(world.refusal(&dispatcher(), &EditNote { job_id: id(0x20b), ..fine }), "note.other_job");
    let nameless = CreateNote { job_id: JOB, note_id: id(5), title: "".into() };
    assert_eq!(world.refusal(&technician(ALICE), &nameless), "note.title_empty");
}

#[test]
fn a_canceled_job_takes_notes_and_a_closed_one_does_not() {
    let mut world = world();
    world.run(&dispatcher(), &CancelJob { job_id: JOB, reason: "Rain".into() }).unwrap();
    let farewell = edit(&world, "Was there already.", 1);
    world.run(&technician(ALICE), &farewell).unwrap();
    let job = world.get(JOB);
    world.put(&Job { state: JobState::Closed, ..job });
    let late = edit(&world, "Too late.", 2);
    assert_eq!(world.refusal(&technician(ALICE), &late), "job.closed");
}
