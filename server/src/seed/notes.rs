//! Notes, as their authors would have written them: one change each.

use jiff::Timestamp;
use satchel_domain::{
    notes,
    tables::{Job, Note, NoteChange},
};
use satchel_protocol::{Id, record::UNSAVED};
use uuid::Uuid;

use super::{SeedError, work::Writer};

/// Jobs in a hundred that have a note.
const NOTED_PERCENT: i64 = 40;

const NOTES: &[(&str, &str)] = &[
    ("Before you go", "Customer asks for a call ten minutes ahead.\nParking only behind the house."),
    ("History", "Third call for the same fault since spring. Bring a spare board."),
    ("Measured", "Supply 54 °F, return 73 °F, static 0.6 in.\nFilter 16x25x1."),
    ("Access", "Key box at the side door, code with the office."),
    ("Agreed", "Customer wants a price for a replacement, not another repair."),
];

/// Writes a note on some jobs, by the technician, shortly before the visit.
pub(super) fn write(
    writer: &mut Writer<'_>,
    job_id: Id<Job>,
    user_id: Uuid,
    occurred_at: Timestamp,
) -> Result<(), SeedError> {
    if !writer.random.chance(NOTED_PERCENT) {
        return Ok(());
    }
    let (title, text) = *writer.random.pick(NOTES);
    let (branch_id, nothing) = (writer.branch_id, [[0_u8; 0]; 0]);
    let edit = notes::edit(&nothing, text, writer.random.uuid().into_bytes())?;
    let accepted = notes::accept(&nothing, &edit.changes)?;
    let note =
        Note { id: writer.random.id(), rev: UNSAVED, job_id, branch_id, title: title.to_owned(), text: accepted.text };
    writer.batch.push(writer.org_id, &note);
    for (hash, change) in accepted.fresh {
        let change = NoteChange {
            id: notes::change_id(note.id, hash),
            rev: UNSAVED,
            job_id,
            branch_id,
            note_id: note.id,
            change,
            user_id,
            occurred_at,
        };
        writer.batch.push(writer.org_id, &change);
    }
    Ok(())
}
