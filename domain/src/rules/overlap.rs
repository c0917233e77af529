//! Double booking of a technician.

use satchel_protocol::{Field, Id, Rejection, Stop, Workspace, workspace::Range};

use super::window::{LONGEST, Window};
use crate::tables::{Assignment, Technician, Visit};

/// How many other open visits of the technician overlap the window.
pub fn count(
    work: &mut Workspace,
    technician: Id<Technician>,
    visit: Id<Visit>,
    window: &Window,
) -> Result<usize, Stop> {
    // No window is longer than LONGEST, so whatever overlaps started inside this range.
    let from = window.start.checked_sub(LONGEST).unwrap_or(window.start);
    let range = Range { from: from.to_cell(), until: window.end.to_cell() };
    let near: Vec<Assignment> = work.find_in(Assignment::BY_TECHNICIAN, vec![technician.into()], Some(range))?;
    let overlapping = near.iter().filter(|other| {
        let taken = Window { start: other.window_start, end: other.window_end };
        other.open && other.visit_id != visit && taken.overlaps(window)
    });
    Ok(overlapping.count())
}

/// Warns of double booking: refuses with `assignment.overlap` unless it was confirmed. Tells whether there is one.
pub fn warn(
    work: &mut Workspace,
    technician: Id<Technician>,
    visit: Id<Visit>,
    window: &Window,
    confirmed: bool,
) -> Result<bool, Stop> {
    let visits = match count(work, technician, visit, window)? {
        0 => return Ok(false),
        _ if confirmed => return Ok(true),
        1 => "another visit".to_owned(),
        more => format!("{more} other visits"),
    };
    let message = format!("The technician already has {visits} in this window. Confirm to book anyway.");
    Err(Rejection::conflict("assignment.overlap", message).into())
}
