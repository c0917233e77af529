//! A technician's time: one thing at a time, and overlaps flagged.

use jiff::{SignedDuration, Timestamp};
use satchel_protocol::{Field, Id, Stop, Workspace, workspace::Range};

use super::limits::TIME_ENTRY_HOURS;
use crate::tables::{Technician, TimeEntry};

/// The longest entry.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(TIME_ENTRY_HOURS);

/// The technician's entries that may reach into `from..until`: no entry is longer than [`LONGEST`].
pub fn near(
    work: &mut Workspace,
    technician: Id<Technician>,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<TimeEntry>, Stop> {
    let range = Range { from: from.checked_sub(LONGEST).unwrap_or(from).to_cell(), until: until.to_cell() };
    work.find_in(TimeEntry::BY_TECHNICIAN, vec![technician.into()], Some(range))
}

/// Whether `entry` covers part of the half-open stretch `from..until`; a running entry has no end.
pub fn covers(entry: &TimeEntry, from: Timestamp, until: Timestamp) -> bool {
    entry.started_at < until && entry.ended_at.is_none_or(|end| from < end)
}

/// Flags those of `others` that cover part of `from..until` and this mutation, and tells whether there is one.
pub fn flag_overlaps(
    work: &mut Workspace,
    others: Vec<TimeEntry>,
    from: Timestamp,
    until: Timestamp,
) -> Result<bool, Stop> {
    let mut overlaps = false;
    for other in others.into_iter().filter(|other| covers(other, from, until)) {
        overlaps = true;
        if !other.overlaps {
            work.update(&TimeEntry { overlaps, ..other })?;
        }
    }
    if overlaps {
        work.flag("time.overlaps");
    }
    Ok(overlaps)
}
