//! Double booking of a technician.

use satchel_protocol::{Field, Id, Stop, Workspace, workspace::Range};

use super::window::{LONGEST, Window};
use crate::tables::{Assignment, Technician, Visit};

/// The other open visits of the technician that overlap the window.
pub fn visits(
    work: &mut Workspace,
    technician: Id<Technician>,
    visit: Id<Visit>,
    window: &Window,
) -> Result<Vec<Id<Visit>>, Stop> {
    // No window is longer than LONGEST, so whatever overlaps started inside this range.
    let from = window.start.checked_sub(LONGEST).unwrap_or(window.start);
    let range = Range { from: from.to_cell(), until: window.end.to_cell() };
    let near: Vec<Assignment> = work.find_in(Assignment::BY_TECHNICIAN, vec![technician.into()], Some(range))?;
    let overlapping = near.iter().filter(|other| {
        let taken = Window { start: other.window_start, end: other.window_end };
        other.open && other.visit_id != visit && taken.overlaps(window)
    });
    Ok(overlapping.map(|other| other.visit_id).collect())
}
